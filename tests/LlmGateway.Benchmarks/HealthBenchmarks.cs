using BenchmarkDotNet.Attributes;
using LlmGateway.Catalog;
using LlmGateway.Health;

namespace LlmGateway.Benchmarks;

/// <summary>What an attempt pays for being watched, and a routing decision for each deployment that it looks at.</summary>
[MemoryDiagnoser]
public class HealthBenchmarks
{
    private static readonly Quota Granted = new(600, 2_000_000, 100, null, null);

    private readonly Breaker _breaker = new(BreakerSettings.Default);
    private readonly LatencyWindow _latency = new();
    private readonly QuotaWindow _quota = new();

    [Benchmark]
    public void Report() => _breaker.Report(HealthVerdict.Succeeded);

    [Benchmark]
    public bool Admits() => _breaker.Admits;

    [Benchmark]
    public void RecordLatency() => _latency.Record(0.25, 0.01, TimeProvider.System.GetUtcNow());

    [Benchmark]
    public double? ReadP95() => _latency.FirstTokenP95;

    [Benchmark]
    public void CountRequest()
    {
        var now = TimeProvider.System.GetUtcNow();
        _quota.Began(now);
        _quota.Used(0, now);
    }

    [Benchmark]
    public double HeadroomOfNothingKnown() => _quota.Headroom(null, 3, TimeProvider.System.GetUtcNow());

    [Benchmark]
    public double HeadroomOfQuota() => _quota.Headroom(Granted, 3, TimeProvider.System.GetUtcNow());
}

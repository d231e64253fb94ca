using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using LlmGateway.Gateway;
using LlmGateway.Telemetry;
using LlmGateway.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace LlmGateway.Benchmarks;

/// <summary>What an exchange records when it ends, through the bridge to Prometheus.</summary>
[MemoryDiagnoser]
public class MetricsBenchmarks
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private PrometheusBridge _bridge = null!;
    private GatewayMetrics _gateway = null!;
    private UpstreamMetrics _upstream = null!;
    private Exchange _exchange = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _bridge = new PrometheusBridge(Metrics.NewCustomRegistry(), _services.GetRequiredService<IMeterFactory>());
        _gateway = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>());
        _upstream = new UpstreamMetrics(_services.GetRequiredService<IMeterFactory>());
        _exchange = BenchmarkData.Exchange(BenchmarkData.Read(BenchmarkData.Chat(512)));
        _exchange.Attempt!.Succeed();
        _exchange.StampOverhead();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _bridge.Dispose();
        _services.Dispose();
    }

    /// <summary>A counter of four labels, a gauge of one, two histograms.</summary>
    [Benchmark]
    public void Exchange() => _gateway.Closed(_exchange, new ExchangeSummary(200, Fault.None, null), TimeSpan.FromMilliseconds(12));

    /// <summary>A counter of three labels.</summary>
    [Benchmark]
    public void Attempt() => _upstream.Ended(_exchange.Attempt!);
}

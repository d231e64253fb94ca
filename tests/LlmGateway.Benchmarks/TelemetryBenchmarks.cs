using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using LlmGateway.Gateway;
using LlmGateway.Gateway.Tracing;
using LlmGateway.Metering;
using LlmGateway.Telemetry;
using LlmGateway.Telemetry.Tracing;
using LlmGateway.Upstream;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Prometheus;

namespace LlmGateway.Benchmarks;

/// <summary>
/// What telemetry adds to one request that is answered by its first attempt: all that it records with metrics on, and its trace with one in a hundred
/// kept; beside the same calls with nobody listening.
/// </summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks
{
    private const double Share = 0.01;
    private const int Rooms = 7;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ServiceProvider _silent = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private PrometheusBridge _bridge = null!;
    private TracerProvider _tracer = null!;
    private SpanSource _source = null!;
    private Recorders _on = null!;
    private Recorders _off = null!;
    private Exchange _exchange = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _bridge = new PrometheusBridge(Metrics.NewCustomRegistry(), _services.GetRequiredService<IMeterFactory>());
        _source = new SpanSource();
        _tracer = Sdk.CreateTracerProviderBuilder().SetSampler(new HeadSampler(Share)).AddSource(_source.Name)
            .AddProcessor(new BatchActivityExportProcessor(new Nowhere())).Build();
        _on = new Recorders(_services.GetRequiredService<IMeterFactory>());
        _off = new Recorders(_silent.GetRequiredService<IMeterFactory>());
        _exchange = BenchmarkData.Exchange(BenchmarkData.Read(BenchmarkData.Chat(512)));
        _exchange.Attempt!.Succeed();
        _exchange.Attempt.FinishedAt = _exchange.Attempt.StartedAt;
        _exchange.StampOverhead();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _tracer.Dispose();
        _source.Dispose();
        _bridge.Dispose();
        _services.Dispose();
        _silent.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Off() => Record(_off);

    [Benchmark]
    public void MetricsOn() => Record(_on);

    [Benchmark]
    public void MetricsOnAndTraces()
    {
        var spans = _exchange.Spans = ExchangeSpans.Open(_exchange, _source);
        for (var room = 0; room < Rooms; room++)
        {
            spans!.Leave(spans.Enter("room"));
        }

        spans!.Begin(_exchange.Attempt!);
        spans.Settled(spans.Elapsed);
        Record(_on);
        spans.Close(new ExchangeSummary(200, Fault.None, null), TimeSpan.FromMilliseconds(12), TimeSpan.FromSeconds(30));
        _exchange.Spans = null;
        _exchange.Attempt!.Span = null;
    }

    private void Record(Recorders recorders)
    {
        recorders.Gateway.Closed(_exchange, new ExchangeSummary(200, Fault.None, null), TimeSpan.FromMilliseconds(12));
        recorders.Metering.Record(_exchange, _exchange.Attempt!);
        recorders.Upstream.Ended(_exchange.Attempt!);
    }

    private sealed class Recorders(IMeterFactory meters)
    {
        public GatewayMetrics Gateway { get; } = new(meters);

        public MeteringMetrics Metering { get; } = new(meters);

        public UpstreamMetrics Upstream { get; } = new(meters);
    }

    private sealed class Nowhere : BaseExporter<System.Diagnostics.Activity>
    {
        public override ExportResult Export(in Batch<System.Diagnostics.Activity> batch) => ExportResult.Success;
    }
}

using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using LlmGateway.Gateway;
using LlmGateway.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Benchmarks;

/// <summary>From the model name of a request to its plan.</summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private Exchange _exchange = null!;
    private RoutingRoom _room = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _exchange = BenchmarkData.Exchange(BenchmarkData.Read(BenchmarkData.Chat(512)));
        _room = new RoutingRoom([new PriorityPolicy(), new WeightedPolicy(new Random(1))], new LlmGateway.Health.DeploymentStates(), new GatewayMetrics(_services.GetRequiredService<IMeterFactory>()));
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    [Benchmark]
    public bool Plan() => _room.EnterAsync(_exchange).Result is null;
}

using BenchmarkDotNet.Attributes;
using LlmGateway.Catalog;
using LlmGateway.Metering;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Benchmarks;

/// <summary>The price in force, and usage times price.</summary>
[MemoryDiagnoser]
public class CostBenchmarks
{
    private static readonly TokenUsage Usage = new(1200, 1024, 0, 300, 120);

    private readonly PriceBook _prices = BenchmarkData.Snapshot.Prices;

    [Benchmark]
    public decimal Flat_rates() => Cost("simulator/sim-small");

    /// <summary>Hours with a time zone, and a longer price reference.</summary>
    [Benchmark]
    public decimal Tiers_and_hours() => Cost("deepseek/deepseek-flash");

    private decimal Cost(string name) => CostCalculator.Cost(_prices.InForce(name, BenchmarkData.Noon)!, BenchmarkData.Noon, Usage).Cost!.Value.Amount;
}

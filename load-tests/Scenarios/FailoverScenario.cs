using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>What does a client wait for whose first deployment is down?</summary>
internal sealed class FailoverScenario : IScenario
{
    private const double MostMilliseconds = 50;
    private const int Connections = 8;

    public string Name => "failover";

    public string Summary => "Latency with the primary down from the start, after its breaker has opened, against the fallback alone.";

    public async Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var result = new ScenarioResult(Name, Summary);
        if (bed.Targets.FirstOrDefault(target => target.Name == Target.Gateway) is not { } gateway)
        {
            result.Warnings.Add("There is no gateway to ask.");
            return result;
        }

        var stage = new Stage(bed, options, time);
        var (alone, down) = (gateway, TestBed.By(gateway, GatewayFolder.DownRoute));
        foreach (var target in new[] { alone, down })
        {
            // The breaker opens in the first second of this.
            await stage.WarmUpAsync(target, Load(target), cancellationToken);
        }

        var added = new List<double>();
        var table = new MarkdownTable("round", "fallback alone p50, ms", "p99, ms", "primary down p50, ms", "p99, ms", "added p99, ms", "failed");
        for (var round = 1; round <= options.Rounds; round++)
        {
            var own = (await stage.MeasureAsync(alone, Load(alone), options.Duration, cancellationToken)).Measurement;
            var seen = (await stage.MeasureAsync(down, Load(down), options.Duration, cancellationToken)).Measurement;
            added.Add((seen.Latency.Percentile(99) ?? double.NaN) - (own.Latency.Percentile(99) ?? double.NaN));
            result.Failed += own.Failed + seen.Failed;
            table.Row(
                Numbers.Format(round), Numbers.Format(own.Latency.Percentile(50)), Numbers.Format(own.Latency.Percentile(99)), Numbers.Format(seen.Latency.Percentile(50)),
                Numbers.Format(seen.Latency.Percentile(99)), Numbers.Format(added[^1]), Numbers.Format(own.Failed + seen.Failed));
        }

        result.Tables.Add(("", table));
        result.Goals.Add(new Goal("p99 with the primary down at most 50 ms above the fallback's own", added.Max(), MostMilliseconds));
        return result;

        ILoad Load(Target target) => new ClosedModel(ChatRequest.For(target, options.AnswerTokens, streamed: false), Connections, TimeSpan.Zero);
    }
}

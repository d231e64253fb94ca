using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>What does a repeat cost that is answered from what is kept, and how long does its client wait?</summary>
internal sealed class CachedScenario : IScenario
{
    private const double MostCpu = 0.7;
    private const double MostMilliseconds = 1;
    private const double Rate = 1000;

    public string Name => "cached";

    public string Summary => "A repeat that is answered from the exact cache: CPU time in a closed model, waiting at 1,000 requests/s.";

    public async Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var stage = new Stage(bed, options, time);
        var many = await Rounds.MeasureAsync(
            bed, stage, target => new ClosedModel(Request(target, options), options.Connections, TimeSpan.Zero), options.Rounds, options.Duration, cancellationToken);
        var paced = await Rounds.MeasureAsync(
            bed, stage, target => new OpenModel(Request(target, options), Rate, options.OpenConnections, TimeSpan.Zero), options.Rounds, options.Duration, cancellationToken);

        var result = new ScenarioResult(Name, Summary);
        result.Tables.Add(("closed model", Tables.Figures(
            many, [Figure.RequestsPerSecond, Figure.CpuPerRequest, .. Figure.Percentiles("latency", measurement => measurement.Latency, 50, 99), Figure.PeakMemory, Figure.Failed])));
        result.Tables.Add(("1,000 requests/s", Tables.Figures(
            paced, [Figure.RequestsPerSecond, Figure.CpuPerRequest, .. Figure.Percentiles("latency", measurement => measurement.Latency, 50, 90, 99, 99.9), Figure.SendDelay, Figure.Failed])));
        result.Goals.Add(new Goal(
            FormattableString.Invariant($"CPU per hit at most {MostCpu} times that of a request that the bare forwarder forwards"), many.Ratio(Figure.CpuPerRequest, Target.Gateway), MostCpu));
        var latency = new Figure("latency p99, ms", (window, _) => window.Measurement.Latency.Percentile(99));
        result.Goals.Add(new Goal("a hit is answered within 1 ms (p99, all that its client waits for) at 1,000 requests/s", paced.Median(latency, Target.Gateway), MostMilliseconds));
        Tables.AddEvidence(result, many, paced: false);
        return result;
    }

    private static ChatRequest Request(Target target, RunOptions options) =>
        ChatRequest.For(TestBed.By(target, GatewayFolder.CachedRoute), options.AnswerTokens, streamed: false);
}

using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>What does a lone request wait for?</summary>
internal sealed class LatencyScenario : IScenario
{
    private const double MostAddedMilliseconds = 1;

    public string Name => "latency";

    public string Summary => "Latency that a hop adds to one request at a time, not streamed.";

    public async Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var rounds = await Rounds.MeasureAsync(
            bed,
            new Stage(bed, options, time),
            target => new ClosedModel(ChatRequest.For(target, options.AnswerTokens, streamed: false), connections: 1, TimeSpan.Zero),
            options.Rounds,
            options.Duration,
            cancellationToken);

        Figure[] figures =
        [
            .. Figure.Percentiles("latency", measurement => measurement.Latency, 50, 90, 99, 99.9),
            Figure.RequestsPerSecond, Figure.CpuPerRequest, Figure.PeakMemory, Figure.Failed,
        ];
        var added = Figure.Added("latency", measurement => measurement.Latency, 99);
        var result = new ScenarioResult(Name, Summary);
        result.Tables.Add(("", Tables.Figures(rounds, figures)));
        result.Goals.Add(new Goal("added latency p99 at concurrency 1 at most 1 ms", rounds.Median(added, Target.Gateway), MostAddedMilliseconds));
        Tables.AddEvidence(result, rounds, paced: true);
        return result;
    }
}

using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>Can it hold many paced streams without delaying their tokens?</summary>
internal sealed class StreamsScenario : IScenario
{
    private const double MostAddedMilliseconds = 5;
    private const double MostMegabytes = 200;

    public string Name => "streams";

    public string Summary => "Concurrent paced streams: closed model, each connection begins the next stream when one ends.";

    public async Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        // A window shorter than a stream would sample only some of its phases.
        var duration = options.Duration > options.StreamLength ? options.Duration : options.StreamLength;
        var rounds = await Rounds.MeasureAsync(
            bed,
            new Stage(bed, options, time),
            target => new ClosedModel(
                ChatRequest.For(bed.Streamed(target), options.StreamTokens, streamed: true), options.Streams, options.StreamLength),
            // A round of streams is long, and one has some hundred first tokens: too few for a 99th percentile to be trusted by itself.
            (options.Rounds + 1) / 2,
            duration,
            cancellationToken);

        Figure[] figures =
        [
            .. Figure.Percentiles("TTFT", measurement => measurement.FirstToken, 50, 99),
            .. Figure.Percentiles("token gap", measurement => measurement.TokenGap, 50, 99, 99.9),
            Figure.RequestsPerSecond, Figure.TokensPerSecond, Figure.CpuPerRequest, Figure.CpuPerToken, Figure.PeakMemory, Figure.Failed,
        ];
        var added = Figure.Added("TTFT", measurement => measurement.FirstToken, 99);
        var result = new ScenarioResult(Name, Summary);
        result.Tables.Add(("", Tables.Figures(rounds, figures)));
        result.Goals.Add(new Goal(
            $"added TTFT p99 with {options.Streams} streams at most 5 ms", rounds.Median(added, Target.Gateway), MostAddedMilliseconds));
        result.Goals.Add(new Goal(
            $"peak memory with {options.Streams} streams at most 200 MB", rounds.Median(Figure.PeakMemory, Target.Gateway), MostMegabytes));
        Tables.AddEvidence(result, rounds, paced: true);
        return result;
    }
}

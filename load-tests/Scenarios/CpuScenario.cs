using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>What does a request cost when there are many?</summary>
internal sealed class CpuScenario : IScenario
{
    private const double MostTimesTheForwarder = 1.6;

    public string Name => "cpu";

    public string Summary => "CPU time per request: closed model, short answers, not streamed.";

    public async Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var rounds = await Rounds.MeasureAsync(
            bed,
            new Stage(bed, options, time),
            target => new ClosedModel(ChatRequest.For(target, options.AnswerTokens, streamed: false), options.Connections, TimeSpan.Zero),
            options.Rounds,
            options.Duration,
            cancellationToken);

        Figure[] figures =
        [
            Figure.RequestsPerSecond, Figure.CpuPerRequest,
            .. Figure.Percentiles("latency", measurement => measurement.Latency, 50, 99),
            Figure.PeakMemory, Figure.Failed,
        ];
        var result = new ScenarioResult(Name, Summary);
        result.Tables.Add(("", Tables.Figures(rounds, figures)));
        result.Goals.Add(new Goal(
            "CPU per request at most 1.6 times the forwarder's", rounds.Ratio(Figure.CpuPerRequest, Target.Gateway), MostTimesTheForwarder));
        Tables.AddEvidence(result, rounds, paced: false);
        return result;
    }
}

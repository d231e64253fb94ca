using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>How long do users wait who come at their own pace?</summary>
internal sealed class OpenScenario(bool streamed) : IScenario
{
    private const double MostDelayMilliseconds = 2;
    private static readonly double[] Shown = [50, 75, 90, 95, 99, 99.9, 99.99];

    public string Name => streamed ? "open-streamed" : "open";

    public string Summary => streamed
        ? "Paced streams at a constant arrival rate; times count from the intended start."
        : "Short answers at a constant arrival rate; times count from the intended start.";

    public async Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var rounds = await Rounds.MeasureAsync(
            bed, new Stage(bed, options, time), target => Load(bed, target, options), rounds: 1, options.Duration, cancellationToken);

        Func<Measurement, Latencies> times = streamed ? measurement => measurement.FirstToken : measurement => measurement.Latency;
        Figure[] figures =
        [
            Figure.RequestsPerSecond, Figure.CpuPerRequest,
            .. Figure.Percentiles(streamed ? "TTFT" : "latency", times, Shown),
            new($"{(streamed ? "TTFT" : "latency")} maximum, ms", (window, _) => times(window.Measurement).Maximum()),
            .. streamed ? Figure.Percentiles("token gap", measurement => measurement.TokenGap, 50, 99) : [],
            Figure.SendDelay, Figure.PeakMemory, Figure.Failed,
        ];
        var result = new ScenarioResult(Name, Summary);
        result.Tables.Add(("", Tables.Figures(rounds, figures)));
        Tables.AddEvidence(result, rounds, paced: true);
        AddLateness(result, rounds);
        return result;
    }

    private static void AddLateness(ScenarioResult result, Rounds rounds)
    {
        foreach (var window in rounds.Windows.Where(window => window.Measurement.SendDelay.Percentile(99) > MostDelayMilliseconds))
        {
            var delay = Numbers.Format(window.Measurement.SendDelay.Percentile(99));
            result.Warnings.Add($"{window.Target.Name}: requests left up to {delay} ms late (p99): "
                + "all connections were busy, or the machine had no core for the driver.");
        }
    }

    private ILoad Load(TestBed bed, Target target, RunOptions options)
    {
        var request = streamed
            ? ChatRequest.For(bed.Streamed(target), options.StreamTokens, streamed: true)
            : ChatRequest.For(target, options.AnswerTokens, streamed: false);
        return streamed
            ? new OpenModel(request, options.StreamRate, options.OpenConnections, options.StreamLength)
            : new OpenModel(request, options.Rate, options.OpenConnections, TimeSpan.Zero);
    }
}

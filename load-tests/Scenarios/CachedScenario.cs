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
        await EnsureHitsAsync(bed, options, cancellationToken);
        var forwarded = await Rounds.MeasureAsync(
            bed, stage, target => new ClosedModel(ChatRequest.For(target, options.AnswerTokens, streamed: false), options.Connections, TimeSpan.Zero), options.Rounds, options.Duration, cancellationToken);
        var many = await Rounds.MeasureAsync(
            bed, stage, target => new ClosedModel(Request(target, options), options.Connections, TimeSpan.Zero), options.Rounds, options.Duration, cancellationToken);
        var paced = await Rounds.MeasureAsync(
            bed, stage, target => new OpenModel(Request(target, options), Rate, options.OpenConnections, TimeSpan.Zero), options.Rounds, options.Duration, cancellationToken);

        var result = new ScenarioResult(Name, Summary);
        Figure[] closed =
        [
            Figure.RequestsPerSecond, Figure.CpuPerRequest, .. Figure.Percentiles("latency", measurement => measurement.Latency, 50, 99), Figure.PeakMemory, Figure.Failed,
        ];
        result.Tables.Add(("closed model, not kept", Tables.Figures(forwarded, closed)));
        result.Tables.Add(("closed model, kept", Tables.Figures(many, closed)));
        result.Tables.Add(("1,000 requests/s", Tables.Figures(
            paced, [Figure.RequestsPerSecond, Figure.CpuPerRequest, .. Figure.Percentiles("latency", measurement => measurement.Latency, 50, 90, 99, 99.9), Figure.SendDelay, Figure.Failed])));
        result.Goals.Add(new Goal(
            FormattableString.Invariant($"CPU per hit at most {MostCpu} times that of a request that the gateway forwards"),
            many.Median(Figure.CpuPerRequest, Target.Gateway) / forwarded.Median(Figure.CpuPerRequest, Target.Gateway), MostCpu));
        var added = Figure.Added("latency", measurement => measurement.Latency, 99);
        result.Goals.Add(new Goal(
            "latency p99 of a hit at 1,000 requests/s at most 1 ms above that of a provider that answers at once", paced.Median(added, Target.Gateway), MostMilliseconds));
        Tables.AddEvidence(result, many, paced: false);
        return result;
    }

    /// <summary>What is measured must be what it is called.</summary>
    private static async Task EnsureHitsAsync(TestBed bed, RunOptions options, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        foreach (var target in bed.Targets.Where(static target => target.Name == Target.Gateway))
        {
            var asked = Request(target, options);
            for (var i = 0; i < 2; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, asked.Url) { Content = new ByteArrayContent(asked.Body) };
                request.Headers.Authorization = new("Bearer", asked.Key);
                request.Content.Headers.ContentType = new("application/json");
                using var answer = await client.SendAsync(request, cancellationToken);
                var result = answer.Headers.TryGetValues("x-gateway-cache", out var values) ? values.First() : "";
                if (i > 0 && result != "hit")
                {
                    throw new LoadTestException($"A repeat was not answered from the cache: x-gateway-cache is '{result}', the status {(int)answer.StatusCode}.");
                }
            }
        }
    }

    private static ChatRequest Request(Target target, RunOptions options) =>
        ChatRequest.For(TestBed.By(target, GatewayFolder.CachedRoute), options.AnswerTokens, streamed: false);
}

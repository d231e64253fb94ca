using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>Does it grow?</summary>
internal sealed class EnduranceScenario : IScenario
{
    private const double Megabyte = 1024 * 1024;

    // 52 bytes a request: less than the smallest object that could be forgotten with each.
    private const double MostGrowth = 5;

    public string Name => "endurance";

    public string Summary => "Memory over many requests: closed model, sampled between slices.";

    public async Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var target = bed.Targets[^1];
        var result = new ScenarioResult(Name, $"{Summary} Measured: {target.Name}.");
        if (target.Sampler is null)
        {
            result.Warnings.Add($"The process of the {target.Name} is not known, so there is nothing to sample.");
            return result;
        }

        var samples = await SampleAsync(bed, target, result, options, cancellationToken);
        var table = new MarkdownTable("requests", "resident, MB", "managed heap, MB");
        foreach (var sample in samples)
        {
            table.Row(Numbers.Format(sample.Requests), Numbers.Format(sample.Resident), Numbers.Format(sample.Heap));
        }

        result.Tables.Add(("", table));

        // The first half fills pools, caches and the heap's own budget: growth is what does not end.
        var settled = samples.Skip(samples.Count / 2).ToArray();
        var growth = 100_000 * Statistics.Slope(settled.Select(sample => ((double)sample.Requests, sample.Resident)).ToArray());
        result.Goals.Add(new Goal("growth over the second half, MB per 100,000 requests, at most 5", growth, MostGrowth));
        return result;
    }

    private static async Task<List<(long Requests, double Resident, double? Heap)>> SampleAsync(
        TestBed bed, Target target, ScenarioResult result, RunOptions options, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var request = ChatRequest.For(target, options.AnswerTokens, streamed: false);
        var samples = new List<(long, double, double?)>();
        for (long done = 0; done < options.Requests; done += options.SampleEvery)
        {
            var measurement = new Measurement();
            measurement.Open();
            var load = new ClosedModel(request, options.Connections, TimeSpan.Zero, options.SampleEvery);
            await load.RunAsync(measurement, cancellationToken, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            bed.EnsureAlive();
            if (measurement.Completed == 0)
            {
                throw new LoadTestException($"The {target.Name} stopped answering: {measurement.FirstFailure}\n{bed.LastOutput(target.Name)}");
            }

            if (measurement.Failed > 0)
            {
                result.Failed += measurement.Failed;
                result.Warnings.Add($"{measurement.Failed} requests failed after {done}; first: {measurement.FirstFailure}");
            }

            var heap = await HeapReader.BytesAsync(client, target, cancellationToken);
            samples.Add((done + options.SampleEvery, target.Sampler!.Resident() / Megabyte, heap / Megabyte));
        }

        return samples;
    }
}

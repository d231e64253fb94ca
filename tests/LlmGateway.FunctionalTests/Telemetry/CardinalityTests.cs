using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Telemetry;

/// <summary>Whatever clients make up, the number of series stays.</summary>
public class CardinalityTests
{
    private const int Requests = 100_000;

    [Fact]
    public async Task Names_of_models_tags_and_users_that_clients_make_up_make_no_series()
    {
        using var configuration = new TestConfiguration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(gateway, i, known: true);
            await SendAsync(gateway, i, known: false);
        }

        var before = (await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 6)).Series();
        await Parallel.ForAsync(6, Requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await SendAsync(gateway, i, known: i % 100 == 0));
        var after = (await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == Requests)).Series();

        Assert.Equal(before.Order(StringComparer.Ordinal), after.Order(StringComparer.Ordinal));
    }

    /// <summary>What grafana/README.md says of how many there are.</summary>
    [Fact]
    public async Task There_are_no_more_than_the_README_says()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["cut"] = "cut=4", ["fails"] = "status=503", ["rate"] = "status=429", ["quiet"] = "nousage" });
        await using var gateway = await TestGateway.StartAsync(configuration);
        foreach (var model in (string[])["chat", "cut", "fails", "rate", "quiet", "free", "nothing", "strict", "locked"])
        {
            await gateway.ChatAsync(model: model);
            using var stream = await gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true", model));
            await stream.Content.ReadAsStringAsync(gateway.Soon);
        }

        var series = (await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 18)).Series();

        var snapshot = gateway.Host.Snapshot;
        var bound = 150 + (40 * snapshot.Routes.Count) + (60 * snapshot.Deployments.Count) + (10 * snapshot.Tenants.Count) + (15 * snapshot.Tenants.Count * snapshot.Deployments.Count);
        Assert.InRange(series.Count, 100, bound);
    }

    private static async Task SendAsync(TestGateway gateway, int number, bool known)
    {
        var body = $$"""{"model":"{{(known ? "chat" : $"model-{number}")}}","user":"user-{{number}}","max_tokens":1,"metadata":{"k{{number}}":"v"},"messages":[{"role":"user","content":"Hi"}]}""";
        using var response = await gateway.PostAsync("v1/chat/completions", body, with: request => request.Headers.Add("x-gateway-tags", $"tag{number % 1000}=value-{number}"));
        Assert.Equal(known ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
    }
}

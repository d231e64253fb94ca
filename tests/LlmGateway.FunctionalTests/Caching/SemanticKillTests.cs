using System.Net;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>A process that is killed has kept what it said that it has, and has forgotten what it said that it forgets.</summary>
[Collection(Heavy.Name)]
public sealed class SemanticKillTests
{
    [Fact]
    public async Task What_was_kept_is_there_after_a_kill_and_what_was_purged_the_moment_before_is_not()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var configuration = CachingGateway.Configuration(Meaning.Serving);
        await using var cluster = await NodeCluster.StartAsync(configuration, 1);
        var node = cluster.Nodes[0];
        using var client = new HttpClient { BaseAddress = node.Address };
        Assert.Equal(HttpStatusCode.OK, await AskAsync(Meaning.Bread));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(Meaning.Spider));
        await Eventually.TrueAsync(async () =>
            new Scrape(await client.GetStringAsync(new Uri("metrics", UriKind.Relative), patience.Token)).Sum("llmgateway_semantic_told_total", "change=\"add\"") >= 2);
        await node.KillAsync();
        await node.StartAsync(patience.Token);

        // With the questions their answers are there again, for the very same questions too.
        await Eventually.TrueAsync(async () => await AskAsync(Meaning.Bread, only: true) is HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => await AskAsync(Meaning.Spider, only: true) is HttpStatusCode.OK);
        using (var purge = new HttpRequestMessage(HttpMethod.Delete, $"admin/v1/cache?tag=about={nameof(Meaning.Bread)}"))
        {
            purge.Headers.Authorization = new("Bearer", TestConfiguration.AdminKey);
            using var purged = await client.SendAsync(purge, patience.Token);
            await node.KillAsync();
            Assert.Equal(HttpStatusCode.OK, purged.StatusCode);
        }

        await node.StartAsync(patience.Token);
        await Eventually.TrueAsync(async () => await AskAsync(Meaning.Spider, only: true) is HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.PreconditionFailed, await AskAsync(Meaning.Bread, only: true));

        async Task<HttpStatusCode> AskAsync(string question, bool only = false)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
            {
                Content = new StringContent(Meaning.Body(question, 0), Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new("Bearer", TestConfiguration.Key);
            request.Headers.Add("x-gateway-tags", $"about={(question == Meaning.Bread ? nameof(Meaning.Bread) : nameof(Meaning.Spider))}");
            if (only)
            {
                request.Headers.Add("x-gateway-cache", "only");
            }

            using var response = await client.SendAsync(request, patience.Token);
            return response.StatusCode;
        }
    }
}

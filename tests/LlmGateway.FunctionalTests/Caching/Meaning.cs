using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Questions that are the same but for their spelling, to a gateway that answers by meaning what a few right answers prove.</summary>
internal static class Meaning
{
    public const string Bread = "how do i freeze fresh bread at home";
    public const string Spider = "how many legs does a spider have in all";

    /// <summary>Of route <c>chat</c>. The simulator says the same to all who want JSON.</summary>
    public const string Serving = "{ exact: { ttl: 1h }, semantic: { mode: serve, max_wrong_hits: 0.5, min_labels: 3, verify: 0.001 } }";

    /// <summary>The question in a spelling of that number, which no other has.</summary>
    public static string Body(string question, int spelling, string more = "")
    {
        var letters = question.ToCharArray();
        for (var (i, bit) = (0, 0); i < letters.Length; i++)
        {
            if (char.IsLetter(letters[i]) && (spelling >> bit++ & 1) == 1)
            {
                letters[i] = char.ToUpperInvariant(letters[i]);
            }
        }

        return $$"""{"model":"chat","messages":[{"role":"user","content":"{{new string(letters)}}"}],"response_format":{"type":"json_object"}{{more}}}""";
    }

    public static async Task<(HttpStatusCode Status, string? Cache, string? Id)> AskAsync(
        this TestGateway gateway, string question, int spelling, bool only = false, string key = TestConfiguration.Key)
    {
        using var response = await gateway.PostAsync("v1/chat/completions", Body(question, spelling), with: request =>
        {
            request.Headers.Authorization = new("Bearer", key);
            if (only)
            {
                request.Headers.Add("x-gateway-cache", "only");
            }
        });
        return (response.StatusCode, response.Cache(), response.Header("x-request-id"));
    }

    /// <summary>Asks until the route is proven. Then the question is known, and spellings up to 999 are used.</summary>
    public static async Task ProveAsync(this TestGateway gateway, string question)
    {
        var admin = new AdminClient(gateway);
        for (var spelling = 0; await ProofAsync(admin, "state", static state => state.GetString()) != "proven"; spelling++)
        {
            Assert.InRange(spelling, 0, 60);
            await gateway.AskAsync(question, spelling);
            await Eventually.TrueAsync(async () => await ProofAsync(admin, "labels", static labels => labels.GetInt64()) == spelling);
        }
    }

    /// <summary>Waits until the question is answered by meaning, in a spelling that was not asked in before.</summary>
    public static Task UntilServedAsync(this TestGateway gateway, string question, int spelling, string key = TestConfiguration.Key) =>
        Eventually.TrueAsync(async () => await gateway.AskAsync(question, spelling, only: true, key) is { Status: HttpStatusCode.OK, Cache: "semantic" });

    /// <summary>As <see cref="UntilServedAsync"/>, on a node that proves by it itself that it may be.</summary>
    public static async Task UntilServedAfterProofAsync(this TestGateway gateway, string question)
    {
        await gateway.UntilAsync("llmgateway_semantic_entries", static entries => entries >= 1, "route=\"chat\"");
        var spelling = 2000;
        await Eventually.TrueAsync(async () => (await gateway.AskAsync(question, spelling++)).Cache == "semantic");
    }

    /// <summary>Waits until the question is not answered by meaning any more.</summary>
    public static Task UntilGoneAsync(this TestGateway gateway, string question, int spelling) =>
        Eventually.TrueAsync(async () => await gateway.AskAsync(question, spelling, only: true) is { Status: HttpStatusCode.PreconditionFailed });

    /// <summary>Waits until the metric has that value.</summary>
    public static Task UntilAsync(this TestGateway gateway, string metric, Func<double, bool> condition, params string[] labels) =>
        gateway.ScrapeUntilAsync(scrape => condition(scrape.Sum(metric, labels)));

    private static async Task<T> ProofAsync<T>(AdminClient admin, string member, Func<JsonElement, T> read) =>
        read((await admin.GetAsync("routes/chat/semantic")).Json.GetProperty("proof").GetProperty(member));
}

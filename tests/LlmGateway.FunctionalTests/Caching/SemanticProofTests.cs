using System.Text.Json;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Limits;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>From the first question to the first that is served by meaning, on a real gateway.</summary>
public class SemanticProofTests
{
    private const string Question = "how do i freeze fresh bread at home";

    // A target that a few right answers prove. The simulator says the same to all who want JSON.
    private const string Serving = "{ exact: { ttl: 1h }, semantic: { mode: serve, max_wrong_hits: 0.5, min_labels: 3, verify: 0.001 } }";

    [Fact]
    public async Task What_is_proven_is_served_in_the_shape_that_is_asked_for_until_it_is_purged()
    {
        using var configuration = CachingGateway.Configuration(Serving);
        await using var gateway = await CachingGateway.StartAsync(configuration);
        var (asked, admin) = (0, new AdminClient(gateway));
        do
        {
            using var response = await gateway.PostAsync("v1/chat/completions", Body(asked++));
            Assert.Equal("miss", response.Cache());
            Assert.InRange(asked, 1, 60);
            await Eventually.TrueAsync(async () => (await ProofAsync(admin)).GetProperty("labels").GetInt64() == asked - 1);
        }
        while ((await ProofAsync(admin)).GetProperty("state").GetString() != "proven");

        var calls = gateway.Calls();
        using var whole = await gateway.PostAsync("v1/chat/completions", Body(100));
        using var streamed = await gateway.PostAsync("v1/chat/completions", Body(101, ",\"stream\":true"));
        Assert.Equal(("semantic", "semantic"), (whole.Cache(), streamed.Cache()));
        Assert.Equal("0.000000000 USD", whole.Header("x-gateway-cost"));
        Assert.EndsWith("data: [DONE]\n\n", await streamed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(calls, gateway.Calls());
        var scrape = await gateway.ScrapeAsync();
        Assert.Equal((2, asked - 1), (Hits("true"), Hits("false")));

        await admin.SendAsync(HttpMethod.Delete, "cache?route=chat");
        using var after = await gateway.PostAsync("v1/chat/completions", Body(102));
        Assert.Equal("miss", after.Cache());

        double Hits(string served) => scrape.Sum("llmgateway_semantic_hits_total", "route=\"chat\"", $"served=\"{served}\"");
    }

    private static async Task<JsonElement> ProofAsync(AdminClient admin) => (await admin.GetAsync("routes/chat/semantic")).Json.GetProperty("proof");

    /// <summary>The same question in a spelling of its own.</summary>
    private static string Body(int number, string more = "")
    {
        var letters = Question.ToCharArray();
        for (var (i, bit) = (0, 0); i < letters.Length; i++)
        {
            if (char.IsLetter(letters[i]) && (number >> bit++ & 1) == 1)
            {
                letters[i] = char.ToUpperInvariant(letters[i]);
            }
        }

        return $$"""{"model":"chat","messages":[{"role":"user","content":"{{new string(letters)}}"}],"response_format":{"type":"json_object"}{{more}}}""";
    }
}

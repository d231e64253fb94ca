using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmGateway.Caching.Semantic.Embedding.Builtin;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>A route whose embedder and judge are deployments, from the client to the ledger.</summary>
public class SemanticDeploymentTests
{
    private const string Cache = "{ exact: { ttl: 1h }, semantic: { mode: shadow, embedder: nobody/vectors, dimensions: 256, judge: nobody/model } }";

    [Fact]
    public async Task Vectors_and_verdicts_are_asked_of_them_and_booked_to_who_asked()
    {
        await using var upstream = new ScriptedUpstream(AnswerAsync);
        using var configuration = Configuration(upstream, "semantic_consent: true, ");
        await using var gateway = await CachingGateway.StartAsync(configuration);
        var admin = new AdminClient(gateway);
        await FitAsync(admin);
        var asked = 0;

        // A vector may come late where the machine is busy, and is then not waited for.
        while (!gateway.Rows().Any(row => (string)row["cause"]! == "evaluation"))
        {
            Assert.InRange(asked, 0, 200);
            using var response = await SayAsync(gateway, asked++ % 2 == 0 ? $"How do I freeze fresh bread at home?{new string(' ', asked)}" : $"How can I freeze fresh bread at home?{new string(' ', asked)}");
            Assert.True(response.IsSuccessStatusCode);
        }

        await Eventually.TrueAsync(async () => (await admin.GetAsync("routes/chat/semantic")).Json.GetProperty("proof").GetProperty("labels").GetInt64() > 0);
        var rows = gateway.Rows();
        var judged = rows.First(row => (string)row["cause"]! == "evaluation");
        Assert.Equal(("acme", "search", "chat", "nobody/model", "0.000208000"), (judged["tenant"], judged["project"], judged["route"], judged["deployment"], judged["cost"]));
        var embedded = rows.First(row => (string)row["cause"]! == "embedding" && row["tenant"] is not null);
        Assert.Equal(("acme", "search", "chat", "nobody/vectors"), (embedded["tenant"], embedded["project"], embedded["route"], embedded["deployment"]));
        Assert.True(decimal.Parse((string)embedded["cost"]!, CultureInfo.InvariantCulture) > 0);
        Assert.Equal("nobody/vectors", rows.First(row => (string)row["cause"]! == "embedding" && row["tenant"] is null)["deployment"]);

        var report = await admin.GetAsync("usage?from=2020-01-01&group_by=route&tenant=acme");
        Assert.Equal(asked, Assert.Single(report.Json.GetProperty("rows").EnumerateArray()).GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task Without_consent_nothing_but_the_probe_is_asked_of_them()
    {
        await using var upstream = new ScriptedUpstream(AnswerAsync);
        using var configuration = Configuration(upstream, "");
        await using var gateway = await CachingGateway.StartAsync(configuration);
        var admin = new AdminClient(gateway);
        await FitAsync(admin);
        using var first = await SayAsync(gateway, "How do I freeze fresh bread at home?");
        using var second = await SayAsync(gateway, "How can I freeze fresh bread at home?");

        await gateway.WaitForRowsAsync(3);
        Assert.Equal(["primary", "primary"], gateway.Rows().Where(row => row["tenant"] is not null).Select(row => row["cause"]));
        Assert.Equal(2, (await gateway.ScrapeAsync()).Sum("llmgateway_semantic_skipped_total", "route=\"chat\"", "reason=\"no_consent\""));
    }

    private static TestConfiguration Configuration(ScriptedUpstream upstream, string tenant) => CachingGateway.Configuration(Cache)
        .WithUpstream(upstream.BaseUrl)
        .Edit($"embed: {{ deployments: [sim/embedding], cache: {Cache}", "embed: { deployments: [sim/embedding]")
        .Edit($"down: {{ deployments: [nobody/model], cache: {Cache}", "down: { deployments: [nobody/model]")
        .Edit("  sim/unpriced:", "  nobody/vectors: { model: vectors, capabilities: [embeddings], price: sim/sim-embedding }\n  sim/unpriced:")
        .Edit("acme: { projects:", $"acme: {{ {tenant}projects:");

    private static Task FitAsync(AdminClient admin) =>
        Eventually.TrueAsync(async () => (await admin.GetAsync("routes/chat/semantic")).Json.GetProperty("embedder").GetProperty("state").GetString() == "fit");

    private static Task<HttpResponseMessage> SayAsync(TestGateway gateway, string text) =>
        gateway.PostAsync("v1/chat/completions", $$"""{"model":"chat","messages":[{"role":"user","content":"{{text}}"}]}""");

    /// <summary>Vectors as good as those of the builtin embedder, and yes to everything.</summary>
    private static Task AnswerAsync(UpstreamCall call)
    {
        using var body = JsonDocument.Parse(Encoding.Latin1.GetBytes(call.Body));
        if (body.RootElement.TryGetProperty("messages", out _))
        {
            return call.WriteAsync(ScriptedUpstream.Head("application/json")
                + """{"id":"1","object":"chat.completion","model":"any","choices":[{"index":0,"message":{"role":"assistant","content":"yes"},"finish_reason":"stop"}],"usage":{"prompt_tokens":200,"completion_tokens":2,"total_tokens":202}}""");
        }

        var embedder = new BuiltinEmbedder();
        var data = body.RootElement.GetProperty("input").EnumerateArray().Select((text, index) =>
            $$"""{"object":"embedding","index":{{index}},"embedding":{{JsonSerializer.Serialize(embedder.Embed(text.GetString()!).Vector.ToArray())}} }""");
        return call.WriteAsync(ScriptedUpstream.Head("application/json")
            + $$"""{"object":"list","data":[{{string.Join(',', data)}}],"model":"vectors","usage":{"prompt_tokens":20,"total_tokens":20} }""");
    }
}

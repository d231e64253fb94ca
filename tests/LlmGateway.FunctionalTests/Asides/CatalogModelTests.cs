using System.Globalization;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Asides;

/// <summary>Embedders and judges over deployments of a real gateway: what reaches the provider, and what the ledger says of it.</summary>
public sealed class CatalogModelTests
{
    private const string Consent = "semantic_consent: true,";
    private const int Dimensions = 256;

    private static readonly EmbeddingContext Acme = new("acme", "search", AsideGateway.Payer.KeyId, "chat", "ann", """{"team":"red"}""");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Texts_that_come_together_are_one_call_and_one_row_and_what_is_known_is_none()
    {
        using var configuration = AsideGateway.Configuration(Consent);
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        var embedder = Embedder(gateway);
        var asked = new[] { Ask(embedder, "How long is the Rhine?"), Ask(embedder, "莱茵河有多长？") };
        _time.Advance(TimeSpan.FromMilliseconds(2));
        var results = await Task.WhenAll(asked).WaitAsync(gateway.Soon);
        Assert.All(results, result => Assert.Equal((EmbeddingGap.None, Dimensions), (result.Gap, result.Vector.Length)));
        Assert.Equal(results[0].Vector.ToArray(), (await Ask(embedder, "How long is the Rhine?")).Vector.ToArray());

        Assert.Single(gateway.Simulator.Requests.Snapshot());
        var row = Assert.Single(await gateway.WaitForRowsAsync(1));
        Assert.Equal(("embedding", "acme", "search", "chat", "ann", "sim/vectors"), (row["cause"], row["tenant"], row["project"], row["route"], row["user_id"], row["deployment"]));
        Assert.True(decimal.Parse((string)row["cost"]!, CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task A_vector_that_is_late_is_none_after_100_ms_and_the_call_ends_later_as_a_timeout()
    {
        using var configuration = AsideGateway.Configuration(Consent);
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        var asked = Ask(Embedder(gateway, "sim/vectors-late"), "How long is the Rhine?");
        _time.Advance(TimeSpan.FromMilliseconds(2));
        await gateway.Simulator.Requests.WaitAsync(request => request.Model == "sim-embedding-small!hang", gateway.Soon);
        _time.Advance(TimeSpan.FromMilliseconds(97));
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(EmbeddingGap.Late, (await asked.WaitAsync(gateway.Soon)).Gap);
        Assert.Empty(gateway.Rows());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("timeout", Assert.Single(await gateway.WaitForRowsAsync(1))["error_class"]);
    }

    [Fact]
    public async Task A_provider_that_fails_is_a_gap()
    {
        using var configuration = AsideGateway.Configuration(Consent);
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        var asked = Ask(Embedder(gateway, "sim/vectors-broken"), "How long is the Rhine?");
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(EmbeddingGap.Failed, (await asked.WaitAsync(gateway.Soon)).Gap);
        Assert.Equal(500L, Assert.Single(await gateway.WaitForRowsAsync(1))["status"]);
    }

    [Fact]
    public async Task Without_consent_no_text_reaches_a_provider()
    {
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        Assert.Equal(EmbeddingGap.NoConsent, (await Ask(Embedder(gateway), "How long is the Rhine?")).Gap);
        Assert.Null(await JudgeAsync(gateway));
        Assert.Empty(gateway.Simulator.Requests.Snapshot());
        Assert.Empty(gateway.Rows());
    }

    [Fact]
    public async Task A_budget_without_room_is_a_gap_and_takes_the_embedder_from_nobody_else()
    {
        using var configuration = AsideGateway.Configuration(Consent + " budgets: [ { amount: 0.000001, currency: CNY, period: day } ],")
            .Edit("  globex: { projects:", $"  globex: {{ {Consent} projects:");
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        var embedder = Embedder(gateway);
        for (var i = 0; i < 20; i++)
        {
            var refused = Ask(embedder, $"Question {i}?");
            _time.Advance(TimeSpan.FromMilliseconds(2));
            Assert.Equal(EmbeddingGap.Refused, (await refused.WaitAsync(gateway.Soon)).Gap);
        }

        var other = embedder.EmbedAsync("How long is the Rhine?", new EmbeddingContext("globex", "mail", "key_1", "chat"), CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(EmbeddingGap.None, (await other.WaitAsync(gateway.Soon)).Gap);
        Assert.Equal("globex", Assert.Single(await gateway.WaitForRowsAsync(1))["tenant"]);
    }

    [Fact]
    public async Task A_probe_is_booked_to_nobody()
    {
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        var probing = EmbedderProbe.RunAsync(Embedder(gateway), EmbeddingContext.Nobody, CancellationToken.None).AsTask();
        while (!probing.IsCompleted)
        {
            gateway.Soon.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        var rows = await gateway.WaitForRowsAsync(1);
        Assert.All(rows, row => Assert.Equal(("embedding", null, null, null), (row["cause"], row["tenant"], row["key_id"], row["route"])));
        Assert.True(decimal.Parse((string)rows[0]["cost"]!, CultureInfo.InvariantCulture) > 0);
    }

    [Theory]
    [InlineData("Yes.", true)]
    [InlineData("否", false)]
    [InlineData("They look alike to me.", null)]
    public async Task A_judge_is_a_row_of_the_asker_with_its_cost(string said, bool? same)
    {
        await using var upstream = new ScriptedUpstream(call => call.WriteAsync(
            ScriptedUpstream.Head("application/json")
            + $$$"""{"id":"1","object":"chat.completion","model":"any","choices":[{"index":0,"message":{"role":"assistant","content":"{{{said}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":200,"completion_tokens":2,"total_tokens":202}}"""));
        using var configuration = AsideGateway.Configuration(Consent).WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        Assert.Equal(same, await JudgeAsync(gateway));

        var row = Assert.Single(await gateway.WaitForRowsAsync(1));
        Assert.Equal(
            ("evaluation", "acme", "search", "chat", "ann", "nobody/model", "0.000208000", "USD"),
            (row["cause"], row["tenant"], row["project"], row["route"], row["user_id"], row["deployment"], row["cost"], row["currency"]));
    }

    private static Task<EmbeddingResult> Ask(IEmbedder embedder, string text) => embedder.EmbedAsync(text, Acme, CancellationToken.None).AsTask();

    private static IEmbedder Embedder(TestGateway gateway, string deployment = "sim/vectors") =>
        gateway.Host.Services.GetRequiredService<IEmbedderFactory>().Create(gateway.Deployment(deployment), Dimensions);

    private static Task<bool?> JudgeAsync(TestGateway gateway) => gateway.Host.Services.GetRequiredService<IJudge>().SameAsync(
        new JudgeCase(
            gateway.Host.Snapshot.Routes["chat"], gateway.Deployment("nobody/model"),
            new SemanticAsker("acme", "search", AsideGateway.Payer.KeyId, "ann", "req-1", "op-1", "chat"),
            "How long is the Rhine?", "1,233 km", "What is the length of the Rhine?", "About 1,230 km"),
        gateway.Soon).AsTask();
}

using System.Net;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits.Alerts;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>What an operator sees of answers by meaning, and is told.</summary>
public class SemanticAdminTests
{
    private const string Shadow = "{ exact: { ttl: 1h }, semantic: { mode: shadow } }";

    [Fact]
    public async Task A_route_shows_how_far_it_is()
    {
        using var configuration = CachingGateway.Configuration(Shadow);
        await using var gateway = await TestGateway.StartAsync(configuration);
        var shown = await new AdminClient(gateway).GetAsync("routes/chat/semantic?partitions=3");

        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Equal(("chat", "shadow", "shadow"), (shown["route"], shown["mode"], shown["active_mode"]));
        Assert.Equal("fit", shown.Json.GetProperty("embedder").GetProperty("state").GetString());
        Assert.Equal("collecting", shown.Json.GetProperty("proof").GetProperty("reason").GetString());
        var scrape = await gateway.ScrapeAsync();
        Assert.Equal((0, 1), (scrape.Sum("llmgateway_semantic_entries", "route=\"chat\""), scrape.Sum("llmgateway_semantic_wrong_bound", "route=\"chat\"")));
    }

    [Theory]
    [InlineData("routes/nobody/semantic", HttpStatusCode.NotFound, "not_found")]
    [InlineData("routes/chat/semantic", HttpStatusCode.NotFound, "semantic_off")]
    [InlineData("routes/chat/semantic?partitions=x", HttpStatusCode.BadRequest, "invalid_value")]
    [InlineData("routes/chat/semantic?parts=1", HttpStatusCode.BadRequest, "unknown_parameter")]
    public async Task What_cannot_be_shown_is_said(string path, HttpStatusCode status, string code)
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        var answer = await new AdminClient(gateway).GetAsync(path);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_webhook_is_told_when_it_ends()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = CachingGateway.Configuration(
            Shadow, more: $"webhooks: [ {{ url: \"{receiver.Url}\", secret: \"${{file:hook.secret}}\", events: [\"semantic.*\"], tenants: [acme] }} ]\n")
            .WithSecret("hook.secret", "whsec_" + Convert.ToBase64String(Alerting.Key));
        await using var gateway = await Alerting.StartAsync(configuration);
        var at = TimeProvider.System.GetUtcNow();
        gateway.Host.Services.GetRequiredService<ProofNews>().Tell(
        [
            new ProofTransition("chat", "globex/0001", ServeState.Proven, ServeState.ShutOff, ProofReason.Drift, at),
            new ProofTransition("chat", "acme/0002", ServeState.Proven, ServeState.Proven, ProofReason.Bound, at),
            new ProofTransition("chat", "acme/0003", ServeState.Shadow, ServeState.ShutOff, ProofReason.Refuted, at),
        ]);

        var told = Assert.Single(await receiver.TakeAsync(1));
        Assert.Equal(("semantic.off", "acme", "chat", "acme/0003"), (told.Type, Text("tenant"), Text("route"), Text("partition")));
        Assert.Equal("Partition acme/0003 of route chat does not answer by meaning any more: its answers are wrong more often than is allowed.", Text("message"));
        Assert.Equal(told.Expect(Alerting.Key), told.Headers["webhook-signature"]);

        string? Text(string member) => told.Data.GetProperty(member).GetString();
    }
}

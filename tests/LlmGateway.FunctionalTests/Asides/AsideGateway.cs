using System.Text;
using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using LlmGateway.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Asides;

/// <summary>A gateway with deployments that only the gateway itself asks, and calls to them.</summary>
internal static class AsideGateway
{
    public static readonly Payer Payer = new("acme", "search", ConfiguredKey.IdOf("acme", "search", "ci"), "chat", "ann", """{"team":"red"}""");

    private const string Deployments = """
          sim/vectors: { model: sim-embedding-small, capabilities: [embeddings], price: sim/sim-embedding }
          sim/vectors-late: { model: "sim-embedding-small!hang", capabilities: [embeddings], price: sim/sim-embedding }
          sim/vectors-broken: { model: "sim-embedding-small!status=500", capabilities: [embeddings], price: sim/sim-embedding }
          sim/vectors-refusing: { model: "sim-embedding-small!status=400", capabilities: [embeddings], price: sim/sim-embedding }
          sim/vectors-narrow: { model: "sim-embedding-small!hang", capabilities: [embeddings], price: sim/sim-embedding, quota: { concurrent: 1 } }
          sim/vectors-free: { model: sim-embedding-small, capabilities: [embeddings] }

        """;

    /// <param name="tenant">Settings of tenant acme, each with a comma behind it.</param>
    public static TestConfiguration Configuration(string tenant = "", string timeouts = "{ connect: 20s, first_event: 20s, idle: 20s, total: 60s }") =>
        new TestConfiguration(timeouts: timeouts)
            .Edit("  sim/unpriced:", Deployments + "  sim/unpriced:")
            .Edit("  acme: { projects:", $"  acme: {{ {tenant} projects:");

    public static Deployment Deployment(this TestGateway gateway, string name) => gateway.Host.Snapshot.Deployments[name];

    public static IAside Aside(this TestGateway gateway) => gateway.Host.Services.GetRequiredService<IAside>();

    public static Task<AsideAnswer> EmbedAsync(
        this TestGateway gateway, string deployment = "sim/vectors", Payer? payer = null, TimeSpan? deadline = null, CancellationToken cancellation = default) =>
        gateway.Aside().AskAsync(
            new AsideCall
            {
                Deployment = gateway.Deployment(deployment),
                Endpoint = EndpointKind.Embeddings,
                Body = Encoding.UTF8.GetBytes($$"""{"model":"{{deployment}}","input":["How long is the Rhine?","莱茵河有多长？"]}"""),
                Cause = AttemptCause.Embedding,
                Payer = payer ?? Payer,
                Deadline = deadline ?? TimeSpan.FromSeconds(20),
            },
            cancellation).AsTask();

    public static Task<AsideAnswer> JudgeAsync(this TestGateway gateway, long? maxOutput = null) => gateway.Aside().AskAsync(
        new AsideCall
        {
            Deployment = gateway.Deployment("sim/small"),
            Endpoint = EndpointKind.ChatCompletions,
            Body = Encoding.UTF8.GetBytes("""{"model":"sim/small","messages":[{"role":"user","content":"Is it so?"}]}"""),
            Cause = AttemptCause.Evaluation,
            Payer = Payer,
            Deadline = TimeSpan.FromSeconds(20),
            MaxOutput = maxOutput,
        },
        CancellationToken.None).AsTask();

    /// <summary>What the one budget of tenant acme has come to.</summary>
    public static async Task<BudgetFigures> BudgetAsync(this TestGateway gateway)
    {
        var budget = new ScopedBudget(new AllowanceScope("acme"), Assert.Single(gateway.Host.Snapshot.Tenants["acme"].Allowance.Budgets));
        return (await gateway.Host.Services.GetRequiredService<IBudgetFigures>().ReadAsync([budget], gateway.Soon))[0]!;
    }
}

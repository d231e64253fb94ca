using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;
using LlmGateway.Limits.Alerts;
using LlmGateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Limits.Alerts;

/// <summary>Gateways whose budgets are watched at a pace that a test waits for.</summary>
internal static class Alerting
{
    /// <summary>As Standard Webhooks writes keys: whsec_ and these bytes in base64.</summary>
    public static readonly byte[] Key = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];

    public static readonly AlertOptions Quick = new()
    {
        Look = TimeSpan.FromMilliseconds(50),
        AnomalyLook = TimeSpan.FromMilliseconds(50),
        Send = TimeSpan.FromMilliseconds(20),
        FirstRetry = TimeSpan.FromMilliseconds(20),
        AskAgain = TimeSpan.FromMilliseconds(50),
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>A budget of project search, and a webhook.</summary>
    public static TestConfiguration Configuration(string budget, Receiver receiver, string more = "", string shared = "") => new TestConfiguration(more: $$"""
        webhooks: [ { url: "{{receiver.Url}}", secret: "${file:hook.secret}"{{more}} } ]
        {{shared}}
        """)
        .WithSecret("hook.secret", "whsec_" + Convert.ToBase64String(Key))
        .Edit("search: { keys", $"search: {{ budgets: [ {{ {budget} }} ], keys");

    public static Task<TestGateway> StartAsync(TestConfiguration configuration, TimeProvider? time = null, AlertOptions? options = null, Action<IServiceCollection>? more = null) =>
        TestGateway.StartAsync(configuration, time, services =>
        {
            services.AddSingleton(options ?? Quick);
            more?.Invoke(services);
        });

    /// <summary>
    /// Waits until what all budgets came to before has been counted from the ledger. While that cannot be read, nothing is told of them: it would be a
    /// guess.
    /// </summary>
    public static async Task KnowsAsync(TestGateway gateway)
    {
        var (snapshots, engine) = (gateway.Host.Services.GetRequiredService<ISnapshotSource>(), gateway.Host.Services.GetRequiredService<IReservationEngine>());
        Account[] accounts = [.. WatchedBudget.ByTenant(snapshots.Current).SelectMany(budgets => budgets).Select(watched => watched.Account)];
        Assert.NotEmpty(accounts);
        await Eventually.TrueAsync(async () => Array.TrueForAll(await engine.ReadAsync(accounts, default), figures => !figures.IsDegraded));
    }

    /// <summary>Spends until a request is refused.</summary>
    public static async Task SpendAllAsync(TestGateway gateway, int maxTokens = 100)
    {
        while (true)
        {
            using var response = await gateway.ChatAsync($"\"max_tokens\":{maxTokens}");
            if (!response.IsSuccessStatusCode)
            {
                Assert.Equal("insufficient_quota", (await TestGateway.ErrorAsync(response)).GetProperty("code").GetString());
                return;
            }
        }
    }

    public static IReadOnlyList<Delivery> Deliveries(TestConfiguration configuration, string? state = null) =>
        new WebhookQueue(new SqliteDatabase(configuration.DataFolder)).List(null, state, 1000);

    public static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}

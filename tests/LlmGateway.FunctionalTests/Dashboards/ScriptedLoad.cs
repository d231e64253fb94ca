using System.Net;
using System.Text;
using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Dashboards;

/// <summary>A gateway to which happens all that dashboards show: faults, hedges, resumes, caches, budgets, answers without a price.</summary>
internal static class ScriptedLoad
{
    private const string LongText = "All work and no play makes Jack a dull boy, and rivers run to the sea. ";

    private static readonly Dictionary<string, string> Faults = new()
    {
        ["fails"] = "status=503",
        ["dies"] = "cut=4",
        ["quiet"] = "nousage",
        ["other"] = "pace=1ms",
    };

    public static TestConfiguration Configure(RedisServer redis, PostgresServer postgres) => new TestConfiguration(
            Faults, "redis: { connection: \"${file:redis}\" }\npostgres: { connection: \"${file:postgres}\" }", failover: "{ attempts: 3, retry_budget: 1 }")
        .WithSecret("redis", redis.ConnectionString)
        .WithSecret("postgres", postgres.ConnectionString)
        .Edit("fails: { deployments: [sim/fails]", "fails: { deployments: [sim/fails, sim/small]")
        .Edit("dies: { deployments: [sim/dies]", "dies: { deployments: [sim/dies, sim/other]")
        .Edit("other: { deployments: [sim/other]", "other: { deployments: [sim/other, sim/small], hedge: { enabled: true, max_extra_cost: 1 }")
        .Edit("chat: { deployments: [sim/small]", "chat: { deployments: [sim/small], cache: { exact: { ttl: 1h } }")
        .Edit("acme: { projects:", "acme: { currency: USD, budgets: [ { amount: 100, period: month, allow_unpriced: true } ], projects:")
        .Edit("globex: { projects:", "globex: { limits: { requests_per_minute: 1 }, projects:");

    /// <summary>One round of it. Some of it takes effect on the second.</summary>
    public static async Task RunAsync(TestGateway gateway, int round)
    {
        await gateway.ChatAsync();
        await gateway.ChatAsync();
        await gateway.StreamAsync($"\"seed\":{round}");
        await gateway.StreamAsync(model: "fails");
        await gateway.StreamAsync(model: "dies");
        await gateway.ChatAsync(model: "free");
        await gateway.ChatAsync(model: "quiet");
        await gateway.ChatAsync(model: "nothing");
        await gateway.PostAsync("v1/chat/completions", $$"""{"model":"secret","messages":[{"role":"user","content":"{{string.Concat(Enumerable.Repeat(LongText, 120))}}"}]}""");
        for (var i = 0; i < 2; i++)
        {
            using var refused = await gateway.ChatAsync(with: static request =>
            {
                request.Headers.Authorization = new("Bearer", TestConfiguration.OtherKey);
                request.Headers.Add("x-gateway-cache", "off");
            });
            Assert.True(refused.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, refused.StatusCode.ToString());
        }

        gateway.Host.Services.GetRequiredService<ConfigurationReloader>().Reload();
        await HedgeAsync(gateway);
    }

    /// <summary>Teaches the pace of a deployment, then makes it late once.</summary>
    private static async Task HedgeAsync(TestGateway gateway)
    {
        for (var i = 0; i < 25; i++)
        {
            await gateway.StreamAsync("\"max_tokens\":3", model: "other");
        }

        using var client = new HttpClient();
        using var rule = new StringContent("""{"fault":"first=10s","model":"sim-small","count":1}""", Encoding.UTF8, "application/json");
        using var set = await client.PostAsync(new Uri(gateway.Simulator.BaseAddress, "/_sim/faults"), rule, gateway.Soon);
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        await gateway.StreamAsync("\"max_tokens\":3", model: "other");
    }
}

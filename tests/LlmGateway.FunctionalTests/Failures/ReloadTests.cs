using System.Collections.Concurrent;
using System.Net;
using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>A running gateway gets another configuration.</summary>
public class ReloadTests
{
    private const int Clients = 8;

    [Fact]
    public async Task A_bad_reload_changes_nothing_for_traffic()
    {
        using var configuration = new TestConfiguration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        var version = gateway.Host.Snapshot.Version;

        foreach (var broken in new[] { "routes: [", "", "nonsense: { a: 1 }", configuration.Read().Replace("[sim/small]", "[sim/smal]", StringComparison.Ordinal) })
        {
            configuration.Write(broken);
            var report = Reload(gateway);

            Assert.Equal(ReloadResult.Rejected, report.Result);
            Assert.NotEmpty(report.Problems);
            using var response = await gateway.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("sim/small", Assert.Single(response.Headers.GetValues("x-gateway-deployment")));
        }

        Assert.Equal(version, gateway.Host.Snapshot.Version);
        Assert.All(gateway.Rows(), row => Assert.Equal("priced", row["price_status"]));
        var scrape = await gateway.ScrapeAsync();

        // The watcher of the files may have read them as well.
        Assert.True(scrape.Sum("llmgateway_config_reloads_total", "result=\"rejected\"") >= 4);
    }

    [Fact]
    public async Task Good_reloads_swap_a_route_under_traffic_without_a_failed_request()
    {
        using var configuration = new TestConfiguration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        var answered = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var response = await gateway.ChatAsync(client % 2 == 0 ? "\"stream\":true" : "");
                var text = await response.Content.ReadAsStringAsync(gateway.Soon);
                Assert.True(response.IsSuccessStatusCode, text);
                Assert.True(client % 2 == 1 || text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal), text);
                answered.Enqueue(Assert.Single(response.Headers.GetValues("x-gateway-deployment")));
            }
        })).ToList();

        for (var swap = 0; swap < 20; swap++)
        {
            var (old, next) = swap % 2 == 0 ? ("sim/small", "sim/unpriced") : ("sim/unpriced", "sim/small");
            configuration.Edit($"chat: {{ deployments: [{old}]", $"chat: {{ deployments: [{next}]");
            Assert.NotEqual(ReloadResult.Rejected, Reload(gateway).Result);
            answered.Clear();

            // Whoever had begun before the swap may still answer as before; soon nobody does.
            var since = 0;
            while (since < Clients)
            {
                gateway.Soon.ThrowIfCancellationRequested();
                Assert.DoesNotContain(clients, client => client.IsFaulted);
                since = answered.Count(name => name == next);
                await Task.Yield();
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.All(gateway.Rows(), row => Assert.Null(row["error_class"]));
        Assert.Equal(0, (await gateway.ScrapeAsync()).Sum("llmgateway_in_flight"));
    }

    [Fact]
    public async Task An_exchange_in_flight_ends_under_the_configuration_that_it_began_with()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async call =>
        {
            arrived.SetResult();
            await release.Task.WaitAsync(call.Stopped);
            await call.WriteAsync(ScriptedUpstream.Head("application/json")
                + """{"model":"any","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000000,"completion_tokens":1}}""");
        });
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);
        var answer = gateway.ChatAsync(model: "down");
        await arrived.Task.WaitAsync(gateway.Soon);

        configuration.Edit("  down: { deployments: [nobody/model], failover: { attempts: 1 } }\n", "").Edit("nobody/any: [ { from: 2026-01-01, currency: USD, per: 1000000, input: 1,",
            "nobody/any: [ { from: 2026-01-01, currency: CNY, per: 1000000, input: 9,");
        Assert.NotEqual(ReloadResult.Rejected, Reload(gateway).Result);
        using var after = await gateway.ChatAsync(model: "down");
        release.SetResult();

        using var response = await answer;
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var row = gateway.OnlyRow();
        Assert.Equal("down", row["route"]);
        Assert.Equal("1.000004000", row["cost"]);
        Assert.Equal("USD", row["currency"]);
    }

    [Fact]
    public async Task A_simulator_that_was_not_started_cannot_be_reloaded_into_being()
    {
        using var configuration = new TestConfiguration();
        var full = configuration.Read();
        configuration.Write(full.Replace("base_url: builtin", "base_url: \"http://127.0.0.1:9/v1\", credentials: none", StringComparison.Ordinal));
        await using var gateway = await TestGateway.StartAsync(configuration);

        configuration.Write(full);
        var reload = Reload(gateway);

        Assert.Equal(ReloadResult.Rejected, reload.Result);
        Assert.Contains(reload.Problems, problem => problem is { IsError: true, Setting: "providers.sim.base_url" });
        Assert.False(gateway.Host.Snapshot.Providers["sim"].Builtin);
    }

    private static ReloadReport Reload(TestGateway gateway) => gateway.Host.Services.GetRequiredService<ConfigurationReloader>().Reload();
}

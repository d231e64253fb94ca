using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

public class HealthTests
{
    [Fact]
    public async Task A_gateway_that_can_serve_is_alive_and_ready_to_anybody()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;

        using var alive = await gateway.Client.GetAsync(new Uri("healthz", UriKind.Relative));
        using var ready = await gateway.Client.GetAsync(new Uri("readyz", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, "ok\n"), (alive.StatusCode, await alive.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready","checks":{"routes":"ok","ledger":"ok"},"dependencies":{}}"""), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("locked/model", "provider locked has no credential")]
    [InlineData("sim/retired", "sim/retired is in stage retired")]
    public async Task Without_a_usable_route_it_is_alive_and_not_ready_and_says_why(string deployment, string reason)
    {
        using var configuration = new TestConfiguration();
        var yaml = configuration.Read().Replace("  sim/unpriced:", "  sim/retired: { model: sim-large, stage: retired }\n  sim/unpriced:", StringComparison.Ordinal);
        var routes = yaml.IndexOf("routes:\n", StringComparison.Ordinal);
        var prices = yaml.IndexOf("prices:\n", StringComparison.Ordinal);
        configuration.Write(yaml[..routes] + $"routes: {{ chat: {{ deployments: [{deployment}] }} }}\n" + yaml[prices..]);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var alive = await gateway.Client.GetAsync(new Uri("healthz", UriKind.Relative));
        using var ready = await gateway.Client.GetAsync(new Uri("readyz", UriKind.Relative));
        var answer = JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("not ready", answer.GetProperty("status").GetString());
        Assert.Contains(reason, answer.GetProperty("checks").GetProperty("routes").GetString(), StringComparison.Ordinal);
        Assert.Equal("ok", answer.GetProperty("checks").GetProperty("ledger").GetString());
    }

    [Fact]
    public async Task Each_key_is_listed_the_models_that_it_may_use()
    {
        await using var gateway = await TestGateway.StartAsync();

        Assert.Equal(["chat", "down", "embed", "free", "locked", "secret", "strict"], await ModelsAsync(gateway, TestConfiguration.Key));
        Assert.Equal(["chat", "embed"], await ModelsAsync(gateway, TestConfiguration.OtherKey));
        Assert.Equal(HttpStatusCode.OK, await OneAsync(gateway, TestConfiguration.Key));
        Assert.Equal(HttpStatusCode.NotFound, await OneAsync(gateway, TestConfiguration.OtherKey));
        Assert.Equal(HttpStatusCode.Unauthorized, await OneAsync(gateway, "sk-nobody-knows-this-one-at-all"));
    }

    private static async Task<IEnumerable<string>> ModelsAsync(TestGateway gateway, string key)
    {
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var list = JsonDocument.Parse(await gateway.Client.GetStringAsync(new Uri("v1/models", UriKind.Relative))).RootElement;
        return list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!);
    }

    private static async Task<HttpStatusCode> OneAsync(TestGateway gateway, string key)
    {
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var answer = await gateway.Client.GetAsync(new Uri("v1/models/secret", UriKind.Relative));
        return answer.StatusCode;
    }
}

using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Admin;

public class DeploymentsTests
{
    [Fact]
    public async Task Deployments_say_what_they_are_and_why_one_is_not_used()
    {
        await using var gateway = await TestGateway.StartAsync();
        var page = (await new AdminClient(gateway).GetAsync("deployments")).Json;
        var all = page.GetProperty("data").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);

        Assert.Equal(["locked/model", "nobody/model", "sim/embedding", "sim/small", "sim/unpriced"], all.Keys);
        Assert.Equal(
            """{"name":"sim/small","provider":"sim","model":"sim-small","stage":"production","usable":true,"unusable_because":null,"region":null,"context":128000,"max_output":16384,"capabilities":["tools","vision","json_object","json_schema"],"quality":null,"tags":{},"quota":null,"price_name":"sim/sim-small","price":{"ref":"sim/sim-small@2026-01-01","currency":"USD","per":1000000,"input":"1","cached_input":"0.1","cache_write":"1","output":"4","reasoning":"4","per_request":null,"tiers":0,"source":"made up for tests"},"health":{"breaker":"closed","failure_share":0,"open_until":null,"in_flight":0,"latency":{"ttft_ms":null,"tpot_ms":null,"ttft_p95_ms":null,"samples":0},"headroom":1,"resting_until":null,"credentials":[]}}""",
            all["sim/small"].GetRawText());
        Assert.False(all["locked/model"].GetProperty("usable").GetBoolean());
        Assert.Equal("provider locked has no credential", all["locked/model"].GetProperty("unusable_because").GetString());
        Assert.Equal("off", all["locked/model"].GetProperty("health").GetProperty("breaker").GetString());
        Assert.Equal(JsonValueKind.Null, all["sim/unpriced"].GetProperty("price").ValueKind);
        Assert.False(page.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task A_stage_a_quota_and_the_hour_of_the_price_are_shown()
    {
        using var configuration = new TestConfiguration();
        configuration.Write(configuration.Read()
            .Replace("  sim/unpriced: { model: sim-large }", "  sim/unpriced: { model: sim-large, stage: candidate, quality: 0.5, tags: { tier: fast }, quota: { requests_per_minute: 60 } }", StringComparison.Ordinal)
            .Replace("\nprices:", """

                prices:
                  sim/sim-large: [ { from: 2026-01-01, currency: CNY, input: 1, output: 4, windows: { timezone: Asia/Shanghai, multiplier: 2.5, when: [ { days: [mon], hours: ["09:00-12:00"] } ] } } ]
                """.ReplaceLineEndings("\n"), StringComparison.Ordinal));

        // Ten in the morning of a Monday in Shanghai.
        await using var gateway = await TestGateway.StartAsync(configuration, new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero)));
        var one = (await new AdminClient(gateway).GetAsync("deployments")).Json.GetProperty("data").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "sim/unpriced");

        Assert.Equal("candidate", one.GetProperty("stage").GetString());
        Assert.Equal("sim/unpriced is in stage candidate", one.GetProperty("unusable_because").GetString());
        Assert.Equal(0.5, one.GetProperty("quality").GetDouble());
        Assert.Equal("fast", one.GetProperty("tags").GetProperty("tier").GetString());
        Assert.Equal(60, one.GetProperty("quota").GetProperty("requests_per_minute").GetInt32());
        Assert.Equal("sim/sim-large@2026-01-01;window*2.5", one.GetProperty("price").GetProperty("ref").GetString());
        Assert.Equal("2.5", one.GetProperty("price").GetProperty("input").GetString());
        Assert.Equal("10", one.GetProperty("price").GetProperty("output").GetString());
    }

    [Fact]
    public async Task Credentials_are_shown_by_name_with_their_state_and_an_attempt_under_way_is_counted()
    {
        using var configuration = new TestConfiguration()
            .Edit("base_url: \"http://127.0.0.1:9/v1\", credentials: none", "base_url: \"http://127.0.0.1:9/v1\", credentials: [ { key: \"${file:one.key}\" }, { key: \"${file:two.key}\" }, { key: \"${file:three.key}\" } ]")
            .WithSecret("one.key", "sk-secret-number-one-0123456789").WithSecret("two.key", "sk-secret-number-two-0123456789").WithSecret("three.key", "sk-secret-number-three-0123456789");
        var now = new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
        await using var gateway = await TestGateway.StartAsync(configuration, new FakeTimeProvider(now));
        var deployment = gateway.Host.Snapshot.Deployments["nobody/model"];
        var state = gateway.Host.Services.GetRequiredService<IDeploymentStates>().Of(deployment);
        var credentials = state.Provider.CredentialsOf(deployment.Provider);
        credentials[1].Rest(now.AddSeconds(30));
        credentials[2].Bury("401: it is not known", now);
        state.Began(now);
        state.Rest(now.AddSeconds(20));

        var answer = await new AdminClient(gateway).GetAsync("deployments?provider=nobody");
        var health = answer.Json.GetProperty("data")[0].GetProperty("health");
        var shown = health.GetProperty("credentials").EnumerateArray().ToList();
        Assert.Equal(["nobody#1", "nobody#2", "nobody#3"], shown.Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(["ok", "resting", "dead"], shown.Select(one => one.GetProperty("state").GetString()));
        Assert.Equal("2026-11-23T02:00:30Z", shown[1].GetProperty("until").GetString());
        Assert.Equal("2026-11-23T02:01:00Z", shown[2].GetProperty("until").GetString());
        Assert.Equal("401: it is not known", shown[2].GetProperty("why").GetString());
        Assert.Equal(1, health.GetProperty("in_flight").GetInt32());
        Assert.Equal("2026-11-23T02:00:20Z", health.GetProperty("resting_until").GetString());
        Assert.Equal("closed", health.GetProperty("breaker").GetString());
        Assert.DoesNotContain("sk-secret", answer.Text, StringComparison.Ordinal);

        credentials[0].Bury("402: the account is empty", now);
        credentials[1].Bury("402: the account is empty", now);
        Assert.Equal("off", (await new AdminClient(gateway).GetAsync("deployments?provider=nobody")).Json.GetProperty("data")[0].GetProperty("health").GetProperty("breaker").GetString());
    }

    [Fact]
    public async Task They_come_in_pages_and_by_provider()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = new AdminClient(gateway);
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await admin.GetAsync($"deployments?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).Json;
            names.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("name").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
            Assert.Equal(cursor is not null, page.GetProperty("has_more").GetBoolean());
        }
        while (cursor is not null);

        Assert.Equal(["locked/model", "nobody/model", "sim/embedding", "sim/small", "sim/unpriced"], names);
        Assert.Equal(3, (await admin.GetAsync("deployments?provider=sim")).Json.GetProperty("data").GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync("deployments?cursor=%21")).Status);
        Assert.Equal("unknown_parameter", (await admin.GetAsync("deployments?provder=sim")).Code);
    }

    [Fact]
    public async Task The_document_has_every_member_that_is_answered()
    {
        using var configuration = new TestConfiguration();
        configuration.Write(configuration.Read().Replace("sim/small: { model: sim-small,", "sim/small: { model: sim-small, quota: { concurrent: 5 },", StringComparison.Ordinal));
        await using var gateway = await TestGateway.StartAsync(configuration);
        var admin = new AdminClient(gateway);
        var one = (await admin.GetAsync("deployments")).Json.GetProperty("data").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "sim/small");
        var schemas = (await admin.GetAsync("openapi.json")).Json.GetProperty("components").GetProperty("schemas");

        foreach (var (answer, schema) in new[] { (one, "Deployment"), (one.GetProperty("quota"), "Quota"), (one.GetProperty("price"), "Price") })
        {
            var members = answer.EnumerateObject().Select(member => member.Name).ToList();
            Assert.Equal(members, schemas.GetProperty(schema).GetProperty("properties").EnumerateObject().Select(member => member.Name));
            Assert.Equal(members, schemas.GetProperty(schema).GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
        }
    }
}

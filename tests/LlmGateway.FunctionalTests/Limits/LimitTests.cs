using System.Globalization;
using System.Net;
using LlmGateway.FunctionalTests.Failover;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Limits of a tenant, a project, a key and a route: who is refused, what they are told, and that it is true.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_minute_holds_its_requests_wherever_it_begins_and_who_waits_as_told_gets_in()
    {
        var time = new ManualTime();
        using var configuration = Limited("requests_per_minute: 3");
        await using var gateway = await TestGateway.StartAsync(configuration, time);
        await OkAsync(gateway);
        time.Advance(TimeSpan.FromSeconds(50));
        await OkAsync(gateway);
        await OkAsync(gateway);

        // The first leaves the minute in ten seconds, and not with some minute of the clock.
        var wait = await RefusedAsync(gateway, "requests per minute of project 'search': limit 3, used 3, requested 1");
        Assert.InRange(wait, 10, 11);
        time.Advance(TimeSpan.FromSeconds(wait));
        await OkAsync(gateway);
        wait = await RefusedAsync(gateway, "requests per minute");
        Assert.InRange(wait, 49, 50);
        time.Advance(TimeSpan.FromSeconds(wait));
        await OkAsync(gateway);
        await OkAsync(gateway);
        await RefusedAsync(gateway, "requests per minute");
    }

    [Fact]
    public async Task Answers_say_what_is_left_as_OpenAI_does()
    {
        using var configuration = Limited("requests_per_minute: 5, tokens_per_minute: 100000");
        await using var gateway = await TestGateway.StartAsync(configuration, new ManualTime());
        using var first = await gateway.ChatAsync("\"max_tokens\":50");
        using var second = await gateway.ChatAsync("\"max_tokens\":50");
        Assert.Equal(("5", "4"), (Header(first, "x-ratelimit-limit-requests"), Header(first, "x-ratelimit-remaining-requests")));
        Assert.Equal("3", Header(second, "x-ratelimit-remaining-requests"));
        Assert.Matches("^(1m0|60|1m0.5)s$", Header(second, "x-ratelimit-reset-requests"));
        Assert.Equal("100000", Header(first, "x-ratelimit-limit-tokens"));

        // The first was held at its bound while it ran; what it came to is less, and the rest is back.
        var rows = gateway.Rows();
        var firstCameTo = Convert.ToInt64(rows[0]["input_tokens"], CultureInfo.InvariantCulture) + Convert.ToInt64(rows[0]["output_tokens"], CultureInfo.InvariantCulture);
        var held = 100000 - long.Parse(Header(first, "x-ratelimit-remaining-tokens"), CultureInfo.InvariantCulture);
        Assert.Equal(100000 - firstCameTo - held, long.Parse(Header(second, "x-ratelimit-remaining-tokens"), CultureInfo.InvariantCulture));
        Assert.True(held > 50, $"{held} held");
    }

    [Fact]
    public async Task Who_is_refused_by_what_this_node_alone_knows_is_told_so()
    {
        using var configuration = Limited("requests_per_minute: 5");
        await using var gateway = await TestGateway.StartAsync(configuration, configure: static services => services.AddSingleton<IReservationEngine, NoRoomAlone>());
        using var response = await gateway.ChatAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, "redis"), (response.StatusCode, Header(response, "x-gateway-degraded")));
    }

    [Fact]
    public async Task Without_limits_there_are_no_such_headers()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var response = await gateway.ChatAsync();
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_request_that_can_never_fit_is_refused_for_good()
    {
        using var configuration = Limited("tokens_per_minute: 100");
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var response = await gateway.ChatAsync("\"max_tokens\":500");
        var error = await TestGateway.ErrorAsync(response);
        Assert.Equal((HttpStatusCode.TooManyRequests, "tokens", "rate_limit_exceeded"), (response.StatusCode, error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains("larger than tokens per minute of project 'search': limit 100", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("false", Header(response, "x-should-retry"));
        Assert.Empty(gateway.Rows());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"max_tokens\":null")]
    [InlineData("\"max_tokens\": -1")]
    public async Task Without_a_bound_of_its_client_a_request_gets_one_that_fits_and_the_provider_is_told(string written)
    {
        var asked = "";
        await using var upstream = new ScriptedUpstream(call =>
        {
            asked = call.Body;
            return call.WriteAsync(ScriptedUpstream.Head("application/json") + """{"id":"1","object":"chat.completion","model":"any","choices":[{"index":0,"message":{"role":"assistant","content":"Hi."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""");
        });
        using var configuration = Limited("tokens_per_minute: 300").WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var response = await gateway.ChatAsync(written, model: "down");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, asked.Split("max_tokens").Length);
        var bound = System.Text.Json.JsonDocument.Parse(asked).RootElement.GetProperty("max_tokens").GetInt64();
        Assert.InRange(bound, 200, 290);
    }

    [Fact]
    public async Task The_bound_is_never_more_than_the_deployment_can()
    {
        var asked = "";
        await using var upstream = new ScriptedUpstream(call =>
        {
            asked = call.Body;
            return call.WriteAsync(ScriptedUpstream.Head("application/json") + """{"id":"1","object":"chat.completion","model":"any","choices":[{"index":0,"message":{"role":"assistant","content":"Hi."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""");
        });
        using var configuration = Limited("tokens_per_minute: 1000000").WithUpstream(upstream.BaseUrl, "profile: openai, credentials: none")
            .Edit("nobody/model: { model: any }", "nobody/model: { model: any, max_output: 700 }")
            .Edit("down: { deployments: [nobody/model]", "down: { deployments: [nobody/model, sim/small]");
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var response = await gateway.ChatAsync("\"max_tokens\":null", model: "down");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(700, System.Text.Json.JsonDocument.Parse(asked).RootElement.GetProperty("max_completion_tokens").GetInt64());
    }

    [Fact]
    public async Task Naming_the_deployment_evades_no_limit_of_its_route()
    {
        using var configuration = Limited("routes: { chat: { requests_per_minute: 1 }, secret: { requests_per_minute: 1 } }");
        await using var gateway = await TestGateway.StartAsync(configuration, new ManualTime());
        await OkAsync(gateway);
        using var direct = await gateway.ChatAsync("\"max_tokens\":5", model: "sim/small");
        Assert.Equal(HttpStatusCode.TooManyRequests, direct.StatusCode);
    }

    [Fact]
    public async Task A_route_can_be_limited_for_a_key_and_others_go_on()
    {
        using var configuration = new TestConfiguration().Edit("keys: [ { name: ci, key: \"${file:acme.key}\"", "keys: [ { name: ci, key: \"${file:acme.key}\", limits: { routes: { chat: { requests_per_minute: 1 } } }");
        await using var gateway = await TestGateway.StartAsync(configuration, new ManualTime());
        await OkAsync(gateway);
        await RefusedAsync(gateway, "requests per minute of this key on 'chat'");
        using var other = await gateway.ChatAsync("\"max_tokens\":5", model: "secret");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Slots_come_back_when_the_answer_has_ended_and_when_the_client_leaves()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["slow"] = "first=100,pace=20" })
            .Edit("search: { keys", "search: { limits: { concurrent: 1 }, keys");
        await using var gateway = await TestGateway.StartAsync(configuration);
        using (var first = await gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true", "slow"), HttpCompletionOption.ResponseHeadersRead))
        {
            await RefusedAsync(gateway, "requests at a time of project 'search': limit 1, in flight 1");
            _ = await first.Content.ReadAsStringAsync(gateway.Soon);
        }

        await OkAsync(gateway);
        using (await gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true", "slow"), HttpCompletionOption.ResponseHeadersRead))
        {
            await RefusedAsync(gateway, "requests at a time");
        }

        await gateway.WaitForRowsAsync(3);
        await UntilOkAsync(gateway);
    }

    [Fact]
    public async Task Failed_exchanges_give_back_their_tokens_and_keep_their_request()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["broken"] = "status=500" });
        configuration.Edit("search: { keys", "search: { limits: { requests_per_minute: 3, tokens_per_minute: 1000 }, keys");
        await using var gateway = await TestGateway.StartAsync(configuration, new ManualTime());
        using (var failed = await gateway.ChatAsync("\"max_tokens\":900", model: "broken"))
        {
            Assert.Equal("2", Header(failed, "x-ratelimit-remaining-requests"));
            Assert.True((int)failed.StatusCode >= 500);
        }

        using var next = await gateway.ChatAsync("\"max_tokens\":900");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal("1", Header(next, "x-ratelimit-remaining-requests"));
    }

    [Fact]
    public async Task A_reload_changes_the_limit_and_forgets_nothing()
    {
        using var configuration = Limited("requests_per_minute: 2");
        await using var gateway = await TestGateway.StartAsync(configuration);
        await OkAsync(gateway);
        await OkAsync(gateway);
        await RefusedAsync(gateway, "limit 2");
        configuration.Edit("requests_per_minute: 2", "requests_per_minute: 3");
        await ReloadAsync(gateway);
        await OkAsync(gateway);
        await RefusedAsync(gateway, "limit 3");
    }

    internal static TestConfiguration Limited(string limits) =>
        new TestConfiguration().Edit("search: { keys", $"search: {{ limits: {{ {limits} }}, keys");

    internal static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    internal static async Task ReloadAsync(TestGateway gateway)
    {
        var version = gateway.Host.Snapshot.Version;
        while (gateway.Host.Snapshot.Version == version)
        {
            gateway.Soon.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    internal static async Task OkAsync(TestGateway gateway)
    {
        using var response = await gateway.ChatAsync("\"max_tokens\":5");
        Assert.True(response.StatusCode is HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
    }

    private static async Task UntilOkAsync(TestGateway gateway)
    {
        while (true)
        {
            using var response = await gateway.ChatAsync("\"max_tokens\":5");
            if (response.StatusCode is HttpStatusCode.OK)
            {
                return;
            }

            gateway.Soon.ThrowIfCancellationRequested();
        }
    }

    /// <summary>How many seconds the client is told to wait.</summary>
    internal static async Task<int> RefusedAsync(TestGateway gateway, string why)
    {
        using var response = await gateway.ChatAsync("\"max_tokens\":5");
        var error = await TestGateway.ErrorAsync(response);
        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limit_exceeded"), (response.StatusCode, error.GetProperty("code").GetString()));
        Assert.Contains(why, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("x-should-retry"));
        if (why.Contains("requests per", StringComparison.Ordinal))
        {
            Assert.Equal("0", Header(response, "x-ratelimit-remaining-requests"));
        }

        return (int)response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
    }
}

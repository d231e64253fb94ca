using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LlmGateway.FunctionalTests.Caching;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Sdk;

/// <summary>The front doors of Responses and Messages: official SDKs, and what the ledger and the provider see of them.</summary>
public class DialectTests
{
    private static readonly Dictionary<string, string> Faults = new() { ["dies"] = "cut=4", ["busy"] = "status=503" };

    [Fact]
    public async Task Stored_by_any_dialect_and_stream_flag_given_to_any_other()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        await NodeScript.RunAsync("dialects.test.mjs", gateway.BaseUrl, TestConfiguration.Key, gateway.Soon);
    }

    [Fact]
    public async Task Tools_errors_and_broken_streams_are_what_the_SDKs_expect()
    {
        using var configuration = new TestConfiguration(Faults, "");
        await using var gateway = await TestGateway.StartAsync(configuration);

        await NodeScript.RunAsync("doors.test.mjs", gateway.BaseUrl, TestConfiguration.Key, gateway.Soon);
    }

    [Theory]
    [InlineData("v1/messages", """{"model":"chat","max_tokens":50,"top_k":3,"messages":[{"role":"user","content":"Hi"}],"metadata":{"user_id":"u-1"}}""", "messages", "anthropic", "top_k")]
    [InlineData("v1/responses", """{"model":"chat","max_output_tokens":50,"input":"Hi","safety_identifier":"u-1","truncation":"auto"}""", "responses", "openai", "truncation")]
    public async Task The_ledger_names_the_door_and_what_was_dropped_is_said(string path, string body, string endpoint, string dialect, string dropped)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var row = gateway.OnlyRow();
        Assert.Equal(endpoint, row["endpoint"]);
        Assert.Equal(dialect, row["dialect"]);
        Assert.Equal("u-1", row["user_id"]);
        Assert.Equal($"{row["cost"]} USD", response.Header("x-gateway-cost"));
        Assert.Contains(dropped, response.Header("x-gateway-warning"), StringComparison.Ordinal);
        Assert.Equal(response.Content.Headers.ContentLength, (await response.Content.ReadAsByteArrayAsync()).Length);
        var sent = JsonDocument.Parse(Assert.Single(gateway.Simulator.Requests.Snapshot()).Body).RootElement;
        Assert.Equal("sim-small", sent.GetProperty("model").GetString());
        Assert.Equal("Hi", sent.GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal(50, sent.GetProperty("max_tokens").GetInt32());
    }

    [Theory]
    [InlineData("v1/messages", """{"model":"chat","max_tokens":50,"messages":[""")]
    [InlineData("v1/responses", """{"model":"chat","input":[""")]
    public async Task A_body_that_is_no_JSON_is_refused_in_the_callers_dialect(string path, string body)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync(path, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal("false", response.Header("x-should-retry"));
        Assert.Empty(gateway.Simulator.Requests.Snapshot());
    }

    [Fact]
    public async Task The_bound_has_the_name_that_the_provider_takes()
    {
        using var configuration = new TestConfiguration();
        configuration.Edit("sim: { dialect: openai", "sim: { profile: openai, dialect: openai");
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.PostAsync("v1/messages", """{"model":"chat","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = JsonDocument.Parse(Assert.Single(gateway.Simulator.Requests.Snapshot()).Body).RootElement;
        Assert.Equal(50, sent.GetProperty("max_completion_tokens").GetInt32());
        Assert.False(sent.TryGetProperty("max_tokens", out _));
    }

    [Fact]
    public async Task Clients_of_three_dialects_share_calls_of_one_shape()
    {
        using var configuration = CachingGateway.Configuration(faults: new Dictionary<string, string> { ["slow"] = "first=1s" });
        await using var gateway = await CachingGateway.StartAsync(configuration);
        (string Path, string Body)[] asked =
        [
            ("v1/chat/completions", """{"model":"slow","max_tokens":500,"messages":[{"role":"user","content":"Hi"}]}"""),
            ("v1/chat/completions", """{"model":"slow","max_tokens":500,"stream":true,"messages":[{"role":"user","content":"Hi"}]}"""),
            ("v1/messages", """{"model":"slow","max_tokens":500,"stream":true,"messages":[{"role":"user","content":"Hi"}]}"""),
            ("v1/messages", """{"model":"slow","max_tokens":500,"messages":[{"role":"user","content":"Hi"}]}"""),
            ("v1/responses", """{"model":"slow","max_output_tokens":500,"stream":true,"input":[{"role":"user","content":"Hi"}]}"""),
        ];

        var answers = await Task.WhenAll(asked.Select(async one =>
        {
            using var response = await gateway.PostAsync(one.Path, one.Body);
            return (response.StatusCode, Text: await response.Content.ReadAsStringAsync());
        }));

        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Contains("chat.completion\"", answers[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", answers[1].Text, StringComparison.Ordinal);
        Assert.Contains("event: message_stop", answers[2].Text, StringComparison.Ordinal);
        Assert.Equal("message", JsonDocument.Parse(answers[3].Text).RootElement.GetProperty("type").GetString());
        Assert.Contains("event: response.completed", answers[4].Text, StringComparison.Ordinal);

        // Asked for apart are whole answers, streams with usage and streams without: five clients, three shapes.
        Assert.Equal(3, gateway.Calls());
        Assert.Equal(2, (await gateway.WaitForRowsAsync(5)).Count(static row => (string)row["cache_status"]! is "coalesced" or "hit"));
    }
}

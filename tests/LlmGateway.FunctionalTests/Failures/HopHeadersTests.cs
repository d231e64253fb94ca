using System.Collections.Concurrent;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>Headers pass by name, in both directions, and each side sees only its own secrets.</summary>
public class HopHeadersTests
{
    private const string Whole = """{"id":"c","object":"chat.completion","model":"any","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private const string Streamed = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private const string ProviderHeaders =
        "set-cookie: session=1\r\nserver: vendor/1\r\nx-secret: 1\r\nx-ratelimit-remaining-requests: 9\r\nx-ratelimit-limit-tokens: 9\r\nvia: 1.1 vendor\r\n"
        + "keep-alive: timeout=5\r\nupgrade: h2c\r\nx-request-id: theirs\r\nx-gateway-deployment: theirs\r\nx-gateway-cost: theirs\r\nalt-svc: h3\r\n"
        + "strict-transport-security: max-age=1\r\naccess-control-allow-origin: *\r\nopenai-organization: theirs\r\nwww-authenticate: Bearer\r\n"
        + "openai-version: 2020-10-01\r\nopenai-processing-ms: 12\r\n";

    private static readonly string[] Ours =
    [
        "cache-control", "content-length", "content-type", "date", "openai-processing-ms", "openai-version", "transfer-encoding", "x-accel-buffering",
        "x-gateway-attempts", "x-gateway-cache", "x-gateway-cost", "x-gateway-deployment", "x-gateway-operation-id", "x-gateway-overhead-ms", "x-request-id",
    ];

    [Theory]
    [InlineData("", "application/json", Whole)]
    [InlineData("\"stream\":true", "text/event-stream", Streamed)]
    public async Task Of_a_providers_headers_the_client_sees_only_those_that_are_allowed(string more, string contentType, string body)
    {
        await using var upstream = new ScriptedUpstream(call => call.WriteAsync(ScriptedUpstream.Head(contentType, ProviderHeaders) + body));
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.ChatAsync(more, "down");

        Assert.True(response.IsSuccessStatusCode);
        var seen = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(",", header.Value));
        Assert.Empty(seen.Keys.Except(Ours));
        Assert.Equal("12", seen["openai-processing-ms"]);
        Assert.Equal("2020-10-01", seen["openai-version"]);
        Assert.Equal("nobody/model", seen["x-gateway-deployment"]);
        Assert.DoesNotContain("theirs", seen.Values);
    }

    [Theory]
    [InlineData("", "application/json", Whole)]
    [InlineData("\"stream\":true", "text/event-stream", Streamed)]
    public async Task A_header_that_no_header_can_be_is_left_out_in_both_directions(string more, string contentType, string body)
    {
        var calls = new ConcurrentQueue<UpstreamCall>();
        await using var upstream = new ScriptedUpstream(call =>
        {
            calls.Enqueue(call);
            return call.WriteAsync(ScriptedUpstream.Head(contentType, "openai-model: modèle\r\nopenai-version: 1\r\n") + body);
        });
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.BaseUrl + "/chat/completions")
        {
            Content = new StringContent(TestGateway.ChatBody(more, "down"), System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("authorization", "Bearer " + TestConfiguration.Key);
        request.Headers.TryAddWithoutValidation("traceparent", "é");

        using var response = await client.SendAsync(request, gateway.Soon);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("1", Assert.Single(response.Headers.GetValues("openai-version")));
        Assert.False(response.Headers.Contains("openai-model"));
        Assert.Null(Assert.Single(calls).Header("traceparent"));
    }

    [Fact]
    public async Task An_error_carries_none_of_a_providers_headers()
    {
        await using var upstream = new ScriptedUpstream(call => call.WriteAsync("HTTP/1.1 500 No\r\n" + ProviderHeaders + "connection: close\r\n\r\nno"));
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.ChatAsync(model: "down");

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Empty(response.Headers.Concat(response.Content.Headers).Select(header => header.Key.ToLowerInvariant()).Except(Ours));
        Assert.False(response.Headers.Contains("openai-version"));
    }

    [Theory]
    [InlineData("", "authorization", "Bearer sk-provider-one", "api-key")]
    [InlineData("profile: azure, ", "api-key", "sk-provider-one", "authorization")]
    public async Task The_provider_gets_its_own_credential_and_of_the_clients_headers_only_those_that_are_allowed(
        string profile, string header, string value, string absent)
    {
        var heads = new ConcurrentQueue<UpstreamCall>();
        await using var upstream = Recording(heads);
        using var configuration = new TestConfiguration().WithSecret("one.key", "sk-provider-one")
            .WithUpstream(upstream.BaseUrl, profile + "credentials: [ { key: \"${file:one.key}\" } ]");
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.ChatAsync(model: "down", with: request =>
        {
            foreach (var name in new[] { "cookie", "x-secret", "x-forwarded-for", "forwarded", "via", "te", "proxy-authorization", "openai-organization", "x-gateway-tags", "origin", "referer" })
            {
                request.Headers.TryAddWithoutValidation(name, "a=b");
            }

            request.Headers.Add("idempotency-key", "once");
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            request.Headers.Add("accept-encoding", "gzip");
        });

        var call = Assert.Single(heads);
        Assert.Equal(value, call.Header(header));
        Assert.Null(call.Header(absent));
        Assert.Null(call.Header("idempotency-key"));
        Assert.DoesNotContain(TestConfiguration.Key, call.Head, StringComparison.Ordinal);
        var names = call.Head.Split("\r\n").Skip(1).Select(line => line.Split(':')[0].ToLowerInvariant()).Order(StringComparer.Ordinal);
        Assert.Equal(new[] { header, "content-length", "content-type", "host", "traceparent", "user-agent" }.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task Credentials_take_turns_by_their_weights()
    {
        var heads = new ConcurrentQueue<UpstreamCall>();
        await using var upstream = Recording(heads);
        using var configuration = new TestConfiguration().WithSecret("one.key", "sk-provider-one").WithSecret("two.key", "sk-provider-two")
            .WithUpstream(upstream.BaseUrl, "credentials: [ { key: \"${file:one.key}\", weight: 3 }, { key: \"${file:two.key}\" } ]");
        await using var gateway = await TestGateway.StartAsync(configuration, configure: services => services.AddSingleton(new Random(7)));

        for (var request = 0; request < 200; request++)
        {
            using var response = await gateway.ChatAsync(model: "down");
            Assert.True(response.IsSuccessStatusCode);
        }

        Assert.InRange(heads.Count(call => call.Header("authorization") == "Bearer sk-provider-one"), 125, 175);
        Assert.Equal(200, heads.Count(call => call.Header("authorization")!.StartsWith("Bearer sk-provider-", StringComparison.Ordinal)));
    }

    private static ScriptedUpstream Recording(ConcurrentQueue<UpstreamCall> calls) => new(call =>
    {
        calls.Enqueue(call);
        return call.WriteAsync(ScriptedUpstream.Head("application/json") + Whole);
    });
}

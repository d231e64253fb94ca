using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGateway.Caching.Sharing;
using LlmGateway.FunctionalTests.Caching;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.FrontDoor;

/// <summary>The translated doors keep what the door of chat promises: errors, headers, counting, and clients that leave or are slow.</summary>
public class DoorTests
{
    private const string Messages = "v1/messages";
    private const string Responses = "v1/responses";

    [Theory]
    [InlineData(Messages)]
    [InlineData(Responses)]
    public async Task An_unknown_key_a_model_and_a_body_that_is_too_large_are_refused_in_the_callers_dialect(string door)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var stranger = await gateway.PostAsync(door, Body(door), with: static request => request.Headers.Authorization = new("Bearer", "sk-nobody-knows-this-one"));
        using var absent = await gateway.PostAsync(door, Body(door, "absent"));
        using var large = await gateway.PostAsync(door, Body(door, text: new string('x', 1_100_000)));

        await ExpectAsync(stranger, door, HttpStatusCode.Unauthorized, "authentication_error", "invalid_request_error");
        await ExpectAsync(absent, door, HttpStatusCode.NotFound, "not_found_error", "invalid_request_error");
        await ExpectAsync(large, door, HttpStatusCode.RequestEntityTooLarge, "request_too_large", "invalid_request_error");
        Assert.Empty(gateway.Simulator.Requests.Snapshot());
    }

    [Theory]
    [InlineData("GET", Messages, 405)]
    [InlineData("HEAD", Messages, 405)]
    [InlineData("OPTIONS", Messages, 405)]
    [InlineData("POST", "v1/messages/count_tokens", 404)]
    [InlineData("GET", Responses, 405)]
    [InlineData("HEAD", Responses, 405)]
    [InlineData("OPTIONS", Responses, 405)]
    [InlineData("GET", "v1/responses/resp_1", 404)]
    public async Task What_a_door_does_not_do_is_said_in_its_dialect(string method, string path, int status)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await gateway.Client.SendAsync(request, gateway.Soon);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 405 ? "POST" : null, string.Join(",", response.Content.Headers.Allow) is { Length: > 0 } allow ? allow : null);
        var text = await response.Content.ReadAsStringAsync(gateway.Soon);
        if (method == "HEAD")
        {
            Assert.Empty(text);
            return;
        }

        Assert.Equal(text.Length, response.Content.Headers.ContentLength);
        var root = JsonDocument.Parse(text).RootElement;
        Assert.Equal(path.StartsWith(Messages, StringComparison.Ordinal), root.TryGetProperty("type", out _));
        Assert.False(string.IsNullOrEmpty(root.GetProperty("error").GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData(Messages)]
    [InlineData(Responses)]
    public async Task A_limit_and_a_provider_that_is_busy_say_when_to_come_again(string door)
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["busy"] = "status=429,retry=7s" });
        configuration.Edit("search: {", "search: { limits: { tokens_per_minute: 2000, requests_per_minute: 1 },");
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var costly = await gateway.PostAsync(door, Body(door, most: 5000, stream: true));
        using var busy = await gateway.PostAsync(door, Body(door, "busy", most: 10));
        using var second = await gateway.PostAsync(door, Body(door, stream: true));

        await ExpectAsync(busy, door, HttpStatusCode.TooManyRequests, "rate_limit_error", "requests", retryable: true);
        Assert.Equal(TimeSpan.FromSeconds(7), busy.Headers.RetryAfter?.Delta);
        Assert.Equal("1", busy.Header("x-gateway-attempts"));
        await ExpectAsync(costly, door, HttpStatusCode.TooManyRequests, "rate_limit_error", "tokens");
        Assert.Equal("2000", costly.Header("x-ratelimit-limit-tokens"));
        Assert.Matches(door == Messages ? @"\bmax_tokens\b" : @"\bmax_output_tokens\b", await costly.Content.ReadAsStringAsync(gateway.Soon));
        await ExpectAsync(second, door, HttpStatusCode.TooManyRequests, "rate_limit_error", "requests", retryable: true);
        Assert.NotNull(second.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(Messages, "hang", false, 499)]
    [InlineData(Responses, "hang", false, 499)]
    [InlineData(Messages, "first=1h,keepalive=1s", true, 499)]
    [InlineData(Messages, "tokens=5000,stall=40", true, 200)]
    [InlineData(Responses, "tokens=5000,stall=40", true, 200)]
    public async Task A_client_that_leaves_ends_the_call_and_pays_for_what_came(string door, string fault, bool stream, int status)
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["leave"] = fault });
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var client = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var asked = Task.Run(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, door) { Content = new StringContent(Body(door, "leave", stream: stream, most: 5000), Encoding.UTF8, "application/json") };
            using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, client.Token);
            begun.TrySetResult();
            await response.Content.ReadAsStringAsync(client.Token);
        });
        await gateway.Simulator.Requests.WaitAsync(request => status == 499 ? request.Model is not null : request.EventsWritten == 40, gateway.Soon);

        if (status == 200)
        {
            // The provider has written; the client has read the head of it.
            await begun.Task.WaitAsync(gateway.Soon);
        }

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await gateway.Simulator.Requests.WaitAsync(request => request.ClientAborted, gateway.Soon);
        var row = Assert.Single(await gateway.WaitForRowsAsync(1));
        Assert.Equal(("cancelled", "estimated", door[3..]), (row["error_class"], row["usage_source"], row["endpoint"]));
        Assert.Equal(stream && status == 200, (long)row["output_tokens"]! > 0);
        await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_in_flight") == 0
            && scrape.Sum("llmgateway_requests_total", "fault=\"caller\"", $"status=\"{status}\"", $"endpoint=\"{door[3..]}\"") == 1);
    }

    [Theory]
    [InlineData(Messages, "cut=4")]
    [InlineData(Messages, "error=4")]
    [InlineData(Messages, "finish=error")]
    [InlineData(Messages, "stall=4")]
    [InlineData(Responses, "cut=4")]
    [InlineData(Responses, "error=4")]
    [InlineData(Responses, "finish=error")]
    [InlineData(Responses, "stall=4")]
    public async Task A_stream_that_dies_is_no_success_for_anybody(string door, string fault)
    {
        using var configuration = new TestConfiguration(
            new Dictionary<string, string> { ["dies"] = fault }, timeouts: "{ connect: 20s, first_event: 20s, idle: 1s, total: 60s }", failover: "{ attempts: 1, mid_stream: error }");
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.PostAsync(door, Body(door, "dies", stream: true));
        var text = await response.Content.ReadAsStringAsync(gateway.Soon);

        Assert.DoesNotMatch("message_stop|response\\.(completed|incomplete)", text);
        Assert.Matches("event: (error|response\\.failed)\n", text);
        await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total", "fault=\"provider\"") == 1);
    }

    [Theory]
    [InlineData(Messages)]
    [InlineData(Responses)]
    public async Task Signs_of_life_and_an_unfinished_last_line_pass(string door)
    {
        await using var upstream = new ScriptedUpstream(static call => call.WriteAsync(ScriptedUpstream.Head("text/event-stream") +
            ": hello\r\n\r\ndata: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"江\"}}]}\r\n\r\n: keep-alive\n\n" +
            "event: ping\ndata:\n\ndata: {\"id\":\"c\",\ndata: \"choices\":[{\"index\":0,\"delta\":{\"content\":\"河\"}}]}\n\n" +
            "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"));
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.PostAsync(door, Body(door, "down", stream: true), HttpCompletionOption.ResponseHeadersRead);
        Assert.Null(response.Content.Headers.ContentLength);
        var text = await response.Content.ReadAsStringAsync(gateway.Soon);

        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("\n: keep-alive\n\n", text, StringComparison.Ordinal);
        Assert.Equal("江河", string.Concat(Regex.Matches(text, "_(?:text\\.)?delta\"[^\n]*\"(?:text|delta)\":\"([^\"]*)\"").Select(static match => Regex.Unescape(match.Groups[1].Value))));
        Assert.Matches("event: (message_stop|response.completed)\n.*\n\n$", text);
    }

    [Theory]
    [InlineData(Messages, false)]
    [InlineData(Messages, true)]
    [InlineData(Responses, false)]
    [InlineData(Responses, true)]
    public async Task What_was_asked_by_chat_before_costs_nothing_is_booked_and_can_be_called_wrong(string door, bool stream)
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var chat = await gateway.PostAsync("v1/chat/completions", Body("v1/chat/completions"));

        using var hit = await gateway.PostAsync(door, Body(door, stream: stream), HttpCompletionOption.ResponseHeadersRead, static request => request.Headers.Add("x-request-id", "asked-1"));
        using var foreign = await gateway.PostAsync(door, Body(door, stream: stream), with: static request => request.Headers.Authorization = new("Bearer", TestConfiguration.OtherKey));
        using var wrong = await gateway.PostAsync("v1/feedback", """{"request_id":"asked-1","answer":"wrong"}""");
        using var anew = await gateway.PostAsync("v1/chat/completions", Body("v1/chat/completions"));

        Assert.Equal(("miss", "hit", "miss", "miss"), (chat.Cache(), hit.Cache(), foreign.Cache(), anew.Cache()));
        Assert.Contains("true", await wrong.Content.ReadAsStringAsync(gateway.Soon), StringComparison.Ordinal);
        Assert.Equal(("0.000000000 USD", "0", "asked-1"), (hit.Header("x-gateway-cost"), hit.Header("x-gateway-attempts"), hit.Header("x-request-id")));
        Assert.Equal(stream ? null : (await hit.Content.ReadAsByteArrayAsync(gateway.Soon)).Length, hit.Content.Headers.ContentLength);
        var row = Assert.Single(await gateway.WaitForRowsAsync(4), static row => row["request_id"] is "asked-1");
        Assert.Equal(("cache", "hit", door[3..], door == Messages ? "anthropic" : "openai"), (row["cause"], row["cache_status"], row["endpoint"], row["dialect"]));
        Assert.NotEqual("0.000000000", row["cache_saving"]);

        using var asked = new HttpRequestMessage(HttpMethod.Get, "admin/v1/exchanges/asked-1");
        asked.Headers.Authorization = new("Bearer", await AdminKeyAsync(configuration));
        using var seen = await gateway.Client.SendAsync(asked, gateway.Soon);
        Assert.Equal(door[3..], JsonDocument.Parse(await seen.Content.ReadAsStringAsync(gateway.Soon)).RootElement.GetProperty("endpoint").GetString());
    }

    [Theory]
    [InlineData(Messages)]
    [InlineData(Responses)]
    public async Task Who_stalls_in_a_shared_stream_is_cut_loose_and_nobody_waits_for_it(string door)
    {
        Flights? flights = null;
        var read = 0L;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
            await Eventually.TrueAsync(() => flights!.Readers == 2);
            for (var written = 0L; flights!.Readers == 2; written += 4096)
            {
                await Eventually.TrueAsync(() => Volatile.Read(ref read) >= written - (64 * 1024));
                await call.WriteAsync($"data: {{\"id\":\"c\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{new string('x', 4096)}\"}}}}]}}\n\n");
            }

            await call.WriteAsync("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        });
        using var configuration = CachingGateway.Configuration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(
            configuration, configure: static services => services.AddSingleton(new SharingOptions { MostBehind = 1024 * 1024, Window = 64 * 1024 }));
        flights = gateway.Host.Services.GetRequiredService<Flights>();
        using var stalled = new TcpClient { ReceiveBufferSize = 4096 };
        await stalled.ConnectAsync(gateway.BaseUrl.Host, gateway.BaseUrl.Port, gateway.Soon);
        var body = Body(door, "down", stream: true);
        await stalled.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /{door} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TestConfiguration.Key}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\n\r\n{body}"), gateway.Soon);
        await Eventually.TrueAsync(() => flights.Readers == 1);

        using var response = await gateway.PostAsync(door, body, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(gateway.Soon));
        string? last = null;
        while (await lines.ReadLineAsync(gateway.Soon) is { } line)
        {
            last = line.StartsWith("event:", StringComparison.Ordinal) ? line : last;
            Volatile.Write(ref read, read + line.Length);
        }

        Assert.Equal(door == Messages ? "event: message_stop" : "event: response.completed", last);
        var broken = await Record.ExceptionAsync(async () =>
        {
            var buffer = new byte[64 * 1024];
            while (await stalled.GetStream().ReadAsync(buffer, gateway.Soon) > 0)
            {
            }
        });
        Assert.IsType<IOException>(broken);
    }

    [Theory]
    [InlineData(Messages)]
    [InlineData(Responses)]
    public async Task An_answer_without_a_form_in_the_dialect_is_502_and_is_counted_so(string door)
    {
        await using var upstream = new ScriptedUpstream(static call => call.WriteAsync(ScriptedUpstream.Head("application/json") +
            """{"id":"c","object":"chat.completion","created":1,"model":"any","choices":[{"index":0,"finish_reason":"stop"}]}"""));
        using var configuration = CachingGateway.Configuration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.PostAsync(door, Body(door, "down"));

        await ExpectAsync(response, door, HttpStatusCode.BadGateway, "api_error", "server_error", retryable: true);
        await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total", "fault=\"provider\"", "status=\"502\"") == 1);
    }

    private static async Task<string> AdminKeyAsync(TestConfiguration configuration) => (await File.ReadAllTextAsync(Path.Combine(configuration.DataFolder, "admin.key"))).Trim();

    private static string Body(string door, string model = "chat", bool stream = false, int most = 300, string text = "Hi") => door switch
    {
        Messages => $$"""{"model":"{{model}}","max_tokens":{{most}},"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}""",
        Responses => $$"""{"model":"{{model}}","max_output_tokens":{{most}},"stream":{{(stream ? "true" : "false")}},"input":"{{text}}"}""",
        _ => $$"""{"model":"{{model}}","max_tokens":{{most}},"messages":[{"role":"user","content":"{{text}}"}]}""",
    };

    private static async Task ExpectAsync(HttpResponseMessage response, string door, HttpStatusCode status, string anthropic, string openai, bool retryable = false)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, text);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(Encoding.UTF8.GetByteCount(text), response.Content.Headers.ContentLength);
        Assert.Equal(retryable ? null : "false", response.Header("x-should-retry"));
        var root = JsonDocument.Parse(text).RootElement;
        var error = root.GetProperty("error");
        Assert.Equal(door == Messages ? anthropic : openai, error.GetProperty("type").GetString());
        var id = response.Header("x-request-id");
        Assert.NotNull(id);
        if (door == Messages)
        {
            Assert.Equal("error", root.GetProperty("type").GetString());
            Assert.Equal(id, root.GetProperty("request_id").GetString());
            Assert.Equal(id, response.Header("request-id"));
        }
        else
        {
            Assert.True(error.TryGetProperty("code", out _) && error.TryGetProperty("param", out _));
        }
    }
}

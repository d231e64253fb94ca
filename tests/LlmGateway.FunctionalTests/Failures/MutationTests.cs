using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>Whatever is sent, from either side: an answer in time, no defect, no lost row. A failure names the seed of its mutation.</summary>
[Collection(Heavy.Name)]
public class MutationTests
{
    private const int Mutations = 10_000;
    private const int RawMutations = 1_000;
    private const int Seed = 20261123;
    private const int Concurrency = 24;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private static readonly string[] Requests =
    [
        """{"model":"chat","messages":[{"role":"user","content":"Say something about rivers."}]}""",
        """{"model":"chat","stream":true,"messages":[{"role":"system","content":"é \u00e9 \ud83d\ude00"},{"role":"user","content":[{"type":"text","text":"hi"}]}]}""",
        """{"model":"chat","stream":true,"stream_options":{"include_usage":true},"n":2,"max_tokens":5,"temperature":0.5,"messages":[{"role":"user","content":"hi"}]}""",
        """{"model":"chat","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}],"metadata":{"team":"a"},"user":"u-1","fallbacks":["free"]}""",
    ];

    private static readonly string Stream = string.Concat(new[]
    {
        """{"id":"c-1","object":"chat.completion.chunk","created":1,"model":"any-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
        """{"id":"c-1","object":"chat.completion.chunk","created":1,"model":"any-1","choices":[{"index":0,"delta":{"content":"Rivers \u00e9\ud83d\ude00 flow"},"finish_reason":null}]}""",
        """{"id":"c-1","object":"chat.completion.chunk","created":1,"model":"any-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":null}]}""",
        """{"id":"c-1","object":"chat.completion.chunk","created":1,"model":"any-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """{"id":"c-1","object":"chat.completion.chunk","created":1,"model":"any-1","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":4}}}""",
        "[DONE]",
    }.Select(data => $"data: {data}\n\n"));

    private const string Whole =
        """{"id":"c-1","object":"chat.completion","created":1,"model":"any-1","choices":[{"index":0,"message":{"role":"assistant","content":"Rivers flow."},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19}}""";

    [Fact]
    public async Task Ten_thousand_mutated_requests_each_get_an_answer_and_what_reached_the_provider_is_booked()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Simulator.Options = gateway.Simulator.Options with { OutputTokens = 3, RequestLogCapacity = 1_000_000, RequestLogBodyBytes = 0 };
        var statuses = new ConcurrentDictionary<int, int>();

        await ForEachAsync(Mutations, async index =>
        {
            var mutator = new Mutator(Seed + index);
            var body = mutator.Mutate(Encoding.UTF8.GetBytes(Requests[mutator.Next(Requests.Length)]));
            var (status, text) = await PostAsync(gateway, index, body, mutator);
            Sound(status, text);
            Assert.True(status is >= 200 and < 500, $"status {status}: {text} for {Encoding.UTF8.GetString(body)}");
            statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
        });

        Assert.True(statuses.GetValueOrDefault(200) > 100 && statuses.GetValueOrDefault(400) > 1000, string.Join(' ', statuses));
        var sent = gateway.Simulator.Requests.Snapshot().Select(request => request.Header("x-client-request-id")!).ToList();
        var booked = gateway.Rows().Select(row => (string)row["request_id"]!).ToList();
        Assert.Equal(sent.Order(StringComparer.Ordinal), booked.Order(StringComparer.Ordinal));
        await StillServesAsync(gateway);
    }

    [Fact]
    public async Task A_thousand_mutated_requests_down_to_their_framing_each_end()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Simulator.Options = gateway.Simulator.Options with { OutputTokens = 3, RequestLogCapacity = 1_000_000, RequestLogBodyBytes = 0 };

        await ForEachAsync(RawMutations, async index =>
        {
            var mutator = new Mutator(Seed - index);
            var body = Requests[mutator.Next(Requests.Length)];
            var request = $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {TestConfiguration.Key}\r\n"
                + $"Content-Type: application/json\r\nx-gateway-tags: team=a,env=b\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
            Sound(200, await SendRawAsync(gateway, mutator.Mutate(Encoding.UTF8.GetBytes(request))));
        });

        await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_in_flight") == 0);

        // A client may be gone between the intent and the first byte to the provider: such a row says so, and owes nothing.
        var sent = gateway.Rows().Count(row => row["error_class"] is not "cancelled" || row["usage_source"] is not "unknown");
        Assert.Equal(gateway.Simulator.Requests.Snapshot().Count, sent);
        await StillServesAsync(gateway);
    }

    [Fact]
    public async Task Ten_thousand_mutated_answers_of_a_provider_each_end_cleanly_and_each_is_booked()
    {
        await using var upstream = new ScriptedUpstream(AnswerMutatedAsync);
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);
        var ends = new ConcurrentDictionary<string, int>();

        await ForEachAsync(Mutations, async index =>
        {
            var stream = Streamed(index);
            var (status, text) = await PostAsync(gateway, index, Encoding.UTF8.GetBytes(TestGateway.ChatBody(stream ? "\"stream\":true" : "", "down")), null);
            Sound(status, text);
            var end = status != 200 ? "error" : !stream ? "whole" : text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal) ? "done" : "broken";
            if (end == "broken")
            {
                var last = text.TrimEnd('\n').Split('\n')[^1];
                Assert.StartsWith("data: {\"error\":{", last, StringComparison.Ordinal);
                using var _ = JsonDocument.Parse(last["data: ".Length..]);
            }

            ends.AddOrUpdate(end, 1, static (_, count) => count + 1);
        });

        Assert.True(ends.Count == 4 && ends.Values.All(count => count > 100), string.Join(' ', ends));
        var rows = gateway.Rows();
        Assert.Equal(Mutations, rows.Count);
        Assert.Equal(Mutations, rows.Select(row => row["request_id"]).Distinct().Count());
        Assert.All(rows, row => Assert.True(row["input_tokens"] is null or >= 0L && row["output_tokens"] is null or >= 0L));
        await StillServesAsync(gateway);
    }

    private static bool Streamed(int index) => index % 4 != 0;

    /// <summary>Mostly a sound head with a spoilt body, framed in one of three ways; now and then the head is spoilt as well.</summary>
    private static async Task AnswerMutatedAsync(UpstreamCall call)
    {
        var index = int.Parse(call.Id!["mutation-".Length..], CultureInfo.InvariantCulture);
        var mutator = new Mutator(Seed + index);
        var stream = Streamed(index);
        var valid = Encoding.UTF8.GetBytes(stream ? Stream : Whole);
        var head = ScriptedUpstream.Head(stream ? "text/event-stream" : "application/json");
        var answer = mutator.Next(10) switch
        {
            0 => mutator.Mutate([.. Encoding.ASCII.GetBytes(head), .. valid]),
            1 => mutator.Mutate([.. Encoding.ASCII.GetBytes(Framed(head, "transfer-encoding: chunked") + $"{valid.Length:x}\r\n"), .. valid, .. "\r\n0\r\n\r\n"u8]),
            2 => [.. Encoding.ASCII.GetBytes(Framed(head, $"content-length: {valid.Length}")), .. mutator.Mutate(valid)],
            _ => [.. Encoding.ASCII.GetBytes(head), .. mutator.Mutate(valid)],
        };

        var cut = mutator.Next(answer.Length + 1);
        await call.WriteAsync(answer.AsMemory(0, cut));
        await call.WriteAsync(answer.AsMemory(cut));
    }

    private static string Framed(string head, string header) => head.Replace("connection:", header + "\r\nconnection:", StringComparison.Ordinal);

    private static void Sound(int status, string text)
    {
        Assert.NotEqual(500, status);
        Assert.DoesNotContain("HTTP/1.1 500", text, StringComparison.Ordinal);
        Assert.DoesNotContain("internal_error", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    private static async Task StillServesAsync(TestGateway gateway)
    {
        using var response = await gateway.Client.PostAsync(
            new Uri("v1/chat/completions", UriKind.Relative), new StringContent(TestGateway.ChatBody(), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<(int Status, string Text)> PostAsync(TestGateway gateway, int index, byte[] body, Mutator? mutator)
    {
        using var patience = new CancellationTokenSource(Hang);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("x-request-id", $"mutation-{index}");
        request.Headers.Add("x-client-request-id", $"mutation-{index}");
        if (mutator is not null)
        {
            var tags = mutator.Mutate("team=a,env=b"u8.ToArray()).Where(tag => tag is >= 32 and < 127).Select(tag => (char)tag);
            request.Headers.TryAddWithoutValidation("x-gateway-tags", string.Concat(tags));
        }

        using var response = await gateway.Client.SendAsync(request, patience.Token);
        var text = await response.Content.ReadAsStringAsync(patience.Token);
        if (!response.IsSuccessStatusCode)
        {
            await TestGateway.ErrorAsync(response);
        }

        return ((int)response.StatusCode, text);
    }

    /// <summary>Sends bytes, says that no more will come, and reads to the end.</summary>
    private static async Task<string> SendRawAsync(TestGateway gateway, byte[] request)
    {
        using var patience = new CancellationTokenSource(Hang);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", gateway.BaseUrl.Port, patience.Token);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request, patience.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(patience.Token);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The gateway may hang up on what is not HTTP before all of it is sent.
            return "";
        }
    }

    private static Task ForEachAsync(int count, Func<int, Task> body) => Parallel.ForEachAsync(
        Enumerable.Range(0, count),
        new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
        async (index, _) =>
        {
            try
            {
                await body(index);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"mutation {index} (seed {Seed}): {error.Message}", error);
            }
        });
}

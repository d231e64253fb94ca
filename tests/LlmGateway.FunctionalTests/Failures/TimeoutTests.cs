using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>The limits on one attempt, in virtual time.</summary>
public class TimeoutTests
{
    private const string Limits = "{ connect: 2s, first_event: 20s, idle: 30s, total: 100s }";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("hang", "")]
    [InlineData("hang", "\"stream\":true")]
    [InlineData("first=1h", "\"stream\":true")]
    [InlineData("first=1h,keepalive=7s", "\"stream\":true")]
    public async Task Without_a_first_event_in_time_it_is_504_though_comments_keep_coming(string fault, string more)
    {
        using var configuration = Configuration(fault);
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        var answer = gateway.ChatAsync(more, "slow");
        await gateway.Simulator.Requests.WaitAsync(request => request.Model is not null, gateway.Soon);

        var passed = await PassTimeAsync(gateway, answer);

        using var response = await answer;
        await TimedOutAsync(gateway, response, "timeouts.first_event");
        Assert.InRange(passed.TotalSeconds, 20, 99);
        var row = await OnlyRowAsync(gateway);
        Assert.Null(row["first_event_at"]);
        Assert.Equal("unknown", row["usage_source"]);
        await gateway.Simulator.Requests.WaitAsync(request => request.ClientAborted, gateway.Soon);
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_is_504()
    {
        using var full = new FullListener();
        using var configuration = new TestConfiguration(timeouts: "{ connect: 100ms, first_event: 20s, idle: 20s, total: 60s }");
        configuration.WithUpstream(new Uri($"http://127.0.0.1:{full.Port}/v1"));
        await using var gateway = await TestGateway.StartAsync(configuration, _time);

        using var response = await gateway.ChatAsync(model: "down");

        await TimedOutAsync(gateway, response, "timeouts.connect");
        Assert.Equal("0.000000000", (await OnlyRowAsync(gateway))["cost"]);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_ends_with_an_error_event()
    {
        using var configuration = Configuration("stall=4");
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        using var response = await StreamAsync(gateway, "slow");
        var text = response.Content.ReadAsStringAsync(gateway.Soon);
        await gateway.Simulator.Requests.WaitAsync(request => request.EventsWritten == 4, gateway.Soon);

        var passed = await PassTimeAsync(gateway, text);

        await TimedOutInsideAsync(gateway, await text, "timeouts.idle");
        Assert.InRange(passed.TotalSeconds, 30, 99);
        Assert.True((long)(await OnlyRowAsync(gateway))["output_tokens"]! > 0);
    }

    [Fact]
    public async Task A_stream_that_never_ends_is_ended_by_the_total_limit()
    {
        using var configuration = Configuration("tokens=16000,pace=1s");
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        using var response = await StreamAsync(gateway, "slow", "\"max_tokens\":16000");
        var text = response.Content.ReadAsStringAsync(gateway.Soon);

        var passed = await PassTimeAsync(gateway, text);

        await TimedOutInsideAsync(gateway, await text, "timeouts.total");
        Assert.True(passed.TotalSeconds >= 99, $"{passed.TotalSeconds}");
    }

    [Fact]
    public async Task An_answer_that_is_not_streamed_has_the_first_event_limit_for_all_of_it()
    {
        using var configuration = Configuration("slow=20");
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        var answer = gateway.ChatAsync(model: "slow");
        await gateway.Simulator.Requests.WaitAsync(request => request.Status == 200, gateway.Soon);

        await PassTimeAsync(gateway, answer);

        using var response = await answer;
        await TimedOutAsync(gateway, response, "timeouts.first_event");
    }

    [Fact]
    public async Task A_deployments_own_limit_overrides_its_providers()
    {
        using var configuration = Configuration("hang").Edit("model: \"sim-small!hang\",", "model: \"sim-small!hang\", timeouts: { first_event: 3s },");
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        var answer = gateway.ChatAsync(model: "slow");
        await gateway.Simulator.Requests.WaitAsync(request => request.Model is not null, gateway.Soon);

        var passed = await PassTimeAsync(gateway, answer);

        using var response = await answer;
        await TimedOutAsync(gateway, response, "timeouts.first_event");
        Assert.InRange(passed.TotalSeconds, 3, 19);
    }

    [Fact]
    public async Task Comments_and_blank_lines_keep_a_stream_from_being_idle()
    {
        var signs = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var upstream = new ScriptedUpstream(async call =>
        {
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
            await foreach (var sign in signs.Reader.ReadAllAsync(call.Stopped))
            {
                await call.WriteAsync(sign);
            }
        });
        using var configuration = new TestConfiguration(timeouts: "{ connect: 2s, first_event: 20s, idle: 30s, total: 1h }").WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        await signs.Writer.WriteAsync("""data: {"choices":[{"index":0,"delta":{"content":"a"}}]}""" + "\n\n");
        using var response = await StreamAsync(gateway, "down");
        await using var body = await response.Content.ReadAsStreamAsync(gateway.Soon);
        await ReadUntilAsync(gateway, body, "\"a\"");

        for (var sign = 0; sign < 6; sign++)
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            var comment = $": still here {sign}\n\n";
            await signs.Writer.WriteAsync(comment);
            await ReadUntilAsync(gateway, body, comment);
        }

        await signs.Writer.WriteAsync("""data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n");
        signs.Writer.Complete();
        await ReadUntilAsync(gateway, body, "[DONE]");
        Assert.Null((await OnlyRowAsync(gateway))["error_class"]);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_is_not_taken_for_a_silent_provider()
    {
        using var configuration = new TestConfiguration(
            new Dictionary<string, string> { ["slow"] = "tokens=16000" }, timeouts: "{ connect: 2s, first_event: 20s, idle: 30s, total: 1h }");
        await using var gateway = await TestGateway.StartAsync(configuration, _time);
        using var response = await StreamAsync(gateway, "slow", "\"max_tokens\":16000,\"n\":16");
        var request = Assert.Single(gateway.Simulator.Requests.Snapshot());

        // Nobody reads: what has been written settles at what sockets and pipes hold.
        var before = -1;
        for (var calm = 0; calm < 50; calm = request.EventsWritten == before ? calm + 1 : 0)
        {
            before = request.EventsWritten;
            await Task.Delay(10, gateway.Soon);
        }

        for (var second = 0; second < 300; second++)
        {
            _time.Advance(Second);
        }

        var text = await response.Content.ReadAsStringAsync(gateway.Soon);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.Null((await OnlyRowAsync(gateway))["error_class"]);
    }

    private static TestConfiguration Configuration(string fault) => new(new Dictionary<string, string> { ["slow"] = fault }, timeouts: Limits);

    private static Task<HttpResponseMessage> StreamAsync(TestGateway gateway, string model, string more = "\"n\":1") =>
        gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true," + more, model), HttpCompletionOption.ResponseHeadersRead);

    /// <summary>Lets virtual time pass, a second at a time and no faster than the machine follows, until the answer is there.</summary>
    private async Task<TimeSpan> PassTimeAsync(TestGateway gateway, Task answer)
    {
        var start = _time.GetUtcNow();
        while (!answer.IsCompleted)
        {
            gateway.Soon.ThrowIfCancellationRequested();
            _time.Advance(Second);
            await Task.WhenAny(answer, Task.Delay(10, gateway.Soon));
        }

        return _time.GetUtcNow() - start;
    }

    private static async Task TimedOutAsync(TestGateway gateway, HttpResponseMessage response, string limit)
    {
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        var error = await TestGateway.ErrorAsync(response);
        Assert.Equal("deadline_exceeded", error.GetProperty("code").GetString());
        Assert.Contains(limit, error.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("x-should-retry"));
        Assert.Equal("timeout", (await OnlyRowAsync(gateway))["error_class"]);
        await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", "fault=\"provider\"", "status=\"504\"") == 1);
    }

    private static async Task TimedOutInsideAsync(TestGateway gateway, string text, string limit)
    {
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        var last = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith("data: {\"error\":{", last, StringComparison.Ordinal);
        Assert.Contains(limit, last, StringComparison.Ordinal);
        Assert.Contains("\"deadline_exceeded\"", last, StringComparison.Ordinal);
        var row = await OnlyRowAsync(gateway);
        Assert.Equal("timeout", row["error_class"]);
        Assert.Equal("estimated", row["usage_source"]);
    }

    /// <summary>An answer waits a second for its row, and that second may have passed before the disk has turned.</summary>
    private static async Task<IDictionary<string, object?>> OnlyRowAsync(TestGateway gateway) => Assert.Single(await gateway.WaitForRowsAsync(1));

    private static async Task ReadUntilAsync(TestGateway gateway, Stream body, string ending)
    {
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains(ending, StringComparison.Ordinal))
        {
            var read = await body.ReadAsync(buffer, gateway.Soon);
            Assert.True(read > 0, $"the stream ended before {ending}: {text}");
            text += Encoding.UTF8.GetString(buffer, 0, read);
        }
    }

    /// <summary>A listener whose queue is full: the system lets further connections wait.</summary>
    private sealed class FullListener : IDisposable
    {
        private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _queued = [];

        public FullListener()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
            for (var connected = true; connected;)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                _queued.Add(socket);
                connected = socket.ConnectAsync(IPAddress.Loopback, Port).Wait(TimeSpan.FromMilliseconds(200));
            }
        }

        public int Port { get; }

        public void Dispose()
        {
            _queued.ForEach(socket => socket.Dispose());
            _listener.Dispose();
        }
    }
}

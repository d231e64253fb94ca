using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Simulator.Recording;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>A client that leaves: the provider stops at once, and what it had begun is booked.</summary>
public class ClientDisconnectTests
{
    private readonly LogLines _log = new();

    [Theory]
    [InlineData("hang", "")]
    [InlineData("headers=1h", "\"stream\":true")]
    [InlineData("first=1h", "\"stream\":true")]
    [InlineData("first=1h,keepalive=1s", "\"stream\":true")]
    public async Task Gone_before_the_provider_answers_it_cancels_the_call_and_is_one_estimated_row(string fault, string more)
    {
        using var configuration = Configuration(fault);
        await using var gateway = await StartAsync(configuration);
        using var client = new CancellationTokenSource();
        var answer = LeaveableAsync(gateway, more, client.Token);
        await gateway.Simulator.Requests.WaitAsync(request => request.Model is not null, gateway.Soon);

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await CancelledAsync(gateway, status: 499);
    }

    [Fact]
    public async Task Gone_during_the_stream_it_cancels_the_call_and_is_billed_for_what_came()
    {
        using var configuration = Configuration("tokens=5000,stall=40");
        await using var gateway = await StartAsync(configuration);
        using (var client = new CancellationTokenSource())
        using (var response = await LeaveableAsync(gateway, "\"stream\":true,\"max_tokens\":5000", gateway.Soon))
        {
            // A read that is given up closes the connection at once; an answer that is only disposed of is drained first.
            var reading = response.Content.ReadAsStringAsync(client.Token);
            await gateway.Simulator.Requests.WaitAsync(request => request.EventsWritten == 40, gateway.Soon);
            await client.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }

        var row = await CancelledAsync(gateway, status: 200);
        Assert.InRange((long)row["output_tokens"]!, 1, 60);
        Assert.NotNull(row["first_event_at"]);
    }

    [Fact]
    public async Task Gone_while_it_sends_its_body_it_reaches_no_provider_and_is_no_row()
    {
        using var configuration = Configuration("hang");
        await using var gateway = await StartAsync(configuration);
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync("127.0.0.1", gateway.BaseUrl.Port, gateway.Soon);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TestConfiguration.Key}\r\n"
                + "content-type: application/json\r\ncontent-length: 5000\r\n\r\n{\"model\":\"leave\",\"mess"));
            await _log.WaitUntilReadingAsync(gateway);
            socket.Close(timeout: 0);
        }

        await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", "fault=\"caller\"", "status=\"499\"") == 1);
        Assert.Empty(gateway.Simulator.Requests.Snapshot());
        Assert.Empty(gateway.Rows());
        Assert.Contains("499 client_left", await _log.OnlyExchangeAsync(gateway.Soon), StringComparison.Ordinal);
    }

    private static TestConfiguration Configuration(string fault) =>
        new TestConfiguration(new Dictionary<string, string> { ["leave"] = fault }).Edit("level: warning", "level: information");

    private Task<TestGateway> StartAsync(TestConfiguration configuration) =>
        TestGateway.StartAsync(configuration, configure: services => services.AddSingleton<ILoggerProvider>(_log));

    private static Task<HttpResponseMessage> LeaveableAsync(TestGateway gateway, string more, CancellationToken cancellation) => gateway.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new StringContent(TestGateway.ChatBody(more, "leave"), Encoding.UTF8, "application/json"),
        },
        HttpCompletionOption.ResponseHeadersRead,
        cancellation);

    private async Task<IDictionary<string, object?>> CancelledAsync(TestGateway gateway, int status)
    {
        SimulatedRequest cancelled = await gateway.Simulator.Requests.WaitAsync(request => request.ClientAborted, gateway.Soon);
        Assert.Equal("/v1/chat/completions", cancelled.Path);
        await gateway.WaitForRowsAsync(1);
        await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_in_flight") == 0 && scrape.Sum("llmgateway_requests_total") == 1);
        var scrape = await gateway.ScrapeAsync();
        Assert.Equal(1, scrape.Sum("llmgateway_requests_total", "fault=\"caller\"", $"status=\"{status}\"", "route=\"leave\""));
        Assert.Equal(1, scrape.Sum("llmgateway_attempts_total", "outcome=\"cancelled\""));

        var line = await _log.OnlyExchangeAsync(gateway.Soon);
        Assert.Contains($" {status} client_left tenant=acme ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("rivers", line, StringComparison.Ordinal);
        Assert.Empty(_log.Errors);

        var row = gateway.OnlyRow();
        Assert.Equal("cancelled", row["error_class"]);
        Assert.Equal("estimated", row["usage_source"]);
        Assert.Equal("estimated", row["price_status"]);
        Assert.True((long)row["input_tokens"]! > 0);
        Assert.NotNull(row["cost"]);
        return row;
    }

    /// <summary>What the gateway logs.</summary>
    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private const int ExchangeLine = 1100;

        private readonly ConcurrentQueue<(EventId Id, LogLevel Level, string Text)> _lines = new();

        public IEnumerable<string> Exchanges => _lines.Where(line => line.Id.Id == ExchangeLine).Select(line => line.Text);

        public IEnumerable<string> Errors => _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text);

        /// <summary>Until the gateway has taken the head of a request, which it counts as one that it has.</summary>
        public async Task WaitUntilReadingAsync(TestGateway gateway)
        {
            // The key is checked before the body is read.
            await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_key_checks_total") >= 1);
            Assert.Empty(Exchanges);
        }

        /// <summary>The line of an exchange is the last thing that it does.</summary>
        public async Task<string> OnlyExchangeAsync(CancellationToken cancellation)
        {
            while (!Exchanges.Any())
            {
                cancellation.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            return Assert.Single(Exchanges);
        }

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue((eventId, logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}

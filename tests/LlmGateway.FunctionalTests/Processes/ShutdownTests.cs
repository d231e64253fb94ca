using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Dapper;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Storage;

namespace LlmGateway.FunctionalTests.Processes;

/// <summary>What a signal to stop means for the requests that are there, and for those that still come.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Faults = new()
    {
        ["slow"] = "pace=200ms,tokens=60",
        ["endless"] = "pace=200ms,tokens=10000",
        ["flood"] = "tokens=200000",
        ["silent"] = "hang",
    };

    private readonly TestConfiguration _configuration = new(Faults, timeouts: "{ connect: 20s, first_event: 1h, idle: 20s, total: 1h }", failover: "{ attempts: 3, deadline: 1h, mid_stream: resume }");
    private readonly HttpClient _client = new();
    private ChildGateway _gateway = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        _configuration.Dispose();
    }

    [Fact]
    public async Task It_is_not_ready_at_once_serves_through_the_grace_refuses_then_and_lets_what_is_in_flight_end()
    {
        await StartAsync("grace: 5s, drain: 1h");
        using var idle = await KeptAliveAsync();
        using var next = await KeptAliveAsync();
        using var stream = await BeginAsync("slow");
        _gateway.Signal(PosixSignal.SIGTERM);

        HttpResponseMessage ready;
        while ((ready = await _client.GetAsync("readyz", _gateway.Soon)).IsSuccessStatusCode)
        {
        }

        using var late = await _client.SendAsync(Chat("chat"), _gateway.Soon);
        Assert.StartsWith("{\"status\":\"stopping\",", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(late.IsSuccessStatusCode);
        Assert.True(late.Headers.ConnectionClose);

        await UntilNobodyAcceptsAsync();

        // No further connection is taken, and then no further request: who comes between the two is served.
        var refused = await AskAsync(idle);
        refused = refused.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? await AskAsync(next) : refused;
        Assert.StartsWith("HTTP/1.1 503 ", refused, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", refused, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\nRetry-After: 1\r\n", refused, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"code\":\"gateway_stopping\"", refused, StringComparison.Ordinal);

        Assert.EndsWith("data: [DONE]\n\n", await stream.ReadToEndAsync(_gateway.Soon), StringComparison.Ordinal);
        await EndsWellAsync();
        Assert.Equal(["chat|-|measured", "slow|-|measured"], Rows().Distinct());
    }

    [Fact]
    public async Task What_has_had_its_time_ends_with_an_error_and_is_booked()
    {
        await StartAsync("drain: 1s");
        var silent = _client.SendAsync(Chat("silent"), _gateway.Soon);
        using var stream = await BeginAsync("endless");
        await InFlightAsync("silent");
        _gateway.Signal(PosixSignal.SIGTERM);

        var rest = await stream.ReadToEndAsync(_gateway.Soon);
        using var unanswered = await silent;
        Assert.Contains("data: {\"error\":", rest, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"gateway_stopping\"", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", rest, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unanswered.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), unanswered.Headers.RetryAfter?.Delta);
        Assert.Contains("gateway_stopping", await unanswered.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await EndsWellAsync();
        Assert.Equal(["endless|interrupted|estimated", "silent|interrupted|estimated"], Rows());
        Assert.Empty(Directory.EnumerateFiles(_configuration.DataFolder, "intents*"));
    }

    [Fact]
    public async Task A_client_that_takes_nothing_keeps_nobody_from_stopping()
    {
        await StartAsync("drain: 0s");
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(_gateway.Address.Host, _gateway.Address.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Raw("flood", "\"stream\":true")), _gateway.Soon);
        await InFlightAsync("flood");
        await client.GetStream().ReadExactlyAsync(new byte[1], _gateway.Soon);
        _gateway.Signal(PosixSignal.SIGTERM);

        await EndsWellAsync();

        // Whichever is seen first: that the client is gone, or that the time of its answer is up.
        Assert.Contains(Assert.Single(Rows()), new[] { "flood|cancelled|estimated", "flood|interrupted|estimated" });
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_second_signal_waits_for_nobody(PosixSignal second)
    {
        await StartAsync("grace: 10m, drain: 1h");
        using var stream = await BeginAsync("endless");
        _gateway.Signal(PosixSignal.SIGTERM);
        await _gateway.WaitForLineAsync(line => line.Contains("Stopping: not ready", StringComparison.Ordinal));
        _gateway.Signal(second);

        Assert.Contains("gateway_stopping", await stream.ReadToEndAsync(_gateway.Soon), StringComparison.Ordinal);
        await EndsWellAsync();
        Assert.Equal(["endless|interrupted|estimated"], Rows());
    }

    private async Task StartAsync(string server)
    {
        _configuration.Edit("max_request_body: 1MB", "max_request_body: 1MB, " + server).Edit("level: warning", "level: information");
        var folder = Path.GetDirectoryName(_configuration.GatewayYaml)!;
        _gateway = await ChildGateway.ServeAsync(folder, ["--config", _configuration.GatewayYaml, "--data", _configuration.DataFolder]);
        _client.BaseAddress = _gateway.Address;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestConfiguration.Key);
    }

    private async Task EndsWellAsync()
    {
        var ended = await _gateway.EndAsync();
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
    }

    private List<string> Rows()
    {
        using var connection = new SqliteDatabase(_configuration.DataFolder).OpenForReading();
        return [.. connection.Query<string>("SELECT route || '|' || coalesce(error_class, '-') || '|' || usage_source FROM ledger ORDER BY route")];
    }

    private static HttpRequestMessage Chat(string model, string more = "") => new(HttpMethod.Post, "v1/chat/completions")
    {
        Content = new StringContent(TestGateway.ChatBody(more, model), Encoding.UTF8, "application/json"),
    };

    private async Task<StreamReader> BeginAsync(string model)
    {
        var answer = await _client.SendAsync(Chat(model, "\"stream\":true"), HttpCompletionOption.ResponseHeadersRead, _gateway.Soon);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(_gateway.Soon));
        Assert.StartsWith("data: ", await reader.ReadLineAsync(_gateway.Soon), StringComparison.Ordinal);
        return reader;
    }

    /// <summary>Waits until a request has found its route.</summary>
    private async Task InFlightAsync(string route)
    {
        while (!(await _client.GetStringAsync("metrics", _gateway.Soon)).Contains($"llmgateway_in_flight{{route=\"{route}\"}} 1\n", StringComparison.Ordinal))
        {
        }
    }

    private async Task UntilNobodyAcceptsAsync()
    {
        while (true)
        {
            try
            {
                using var fresh = new TcpClient();
                await fresh.ConnectAsync(_gateway.Address.Host, _gateway.Address.Port, _gateway.Soon);
            }
            catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused)
            {
                return;
            }
            catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset)
            {
                // Taken by the system in the moment in which the listener closed.
            }
        }
    }

    /// <summary>A connection that has carried a request and may carry another.</summary>
    private async Task<TcpClient> KeptAliveAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(_gateway.Address.Host, _gateway.Address.Port);
        await client.GetStream().WriteAsync("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"u8.ToArray(), _gateway.Soon);
        var buffer = new byte[4096];
        var answer = "";
        while (!answer.EndsWith("ok\n\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            answer += Encoding.UTF8.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, _gateway.Soon));
        }

        return client;
    }

    /// <summary>All that it is answered, up to the end of the connection.</summary>
    private async Task<string> AskAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Raw("chat")), _gateway.Soon);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(_gateway.Soon);
    }

    private static string Raw(string model, string more = "")
    {
        var body = TestGateway.ChatBody(more, model);
        return $"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TestConfiguration.Key}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\n\r\n{body}";
    }
}

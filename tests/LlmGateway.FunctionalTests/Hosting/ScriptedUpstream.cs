using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>A provider that puts on the wire whatever a test wants, HTTP or not. One request a connection, which it closes behind the answer.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<UpstreamCall, Task> _answer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public ScriptedUpstream(Func<UpstreamCall, Task> answer)
    {
        _answer = answer;
        _listener.Start(Backlog);
        _accepting = AcceptAsync();
    }

    public Uri BaseUrl => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    /// <summary>Status 200 and the head of an answer that ends with the connection.</summary>
    public static string Head(string contentType, string more = "") => $"HTTP/1.1 200 OK\r\ncontent-type: {contentType}\r\n{more}connection: close\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var calls = new List<Task>();
        try
        {
            while (true)
            {
                calls.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(calls);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (await ReadAsync(stream) is { } call)
            {
                await _answer(call);
                socket.Shutdown(SocketShutdown.Both);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The gateway or the script has hung up, or the test is over.
        }
    }

    private async Task<UpstreamCall?> ReadAsync(NetworkStream stream)
    {
        var received = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return null;
            }

            received.Write(buffer, 0, read);
            var text = Encoding.Latin1.GetString(received.GetBuffer(), 0, (int)received.Length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && received.Length >= end + 4 + LengthOf(text[..end]))
            {
                return new UpstreamCall(text[..end], text[(end + 4)..], stream, _stop.Token);
            }
        }
    }

    private static int LengthOf(string head) =>
        UpstreamCall.Header(head, "content-length") is { } length ? int.Parse(length, CultureInfo.InvariantCulture) : 0;
}

/// <summary>One request that reached the scripted provider.</summary>
internal sealed record UpstreamCall(string Head, string Body, NetworkStream Stream, CancellationToken Stopped)
{
    /// <summary>The id that the test gave this request; the gateway passes it on.</summary>
    public string? Id => Header("x-client-request-id");

    public string? Header(string name) => Header(Head, name);

    public static string? Header(string head, string name) => head.Split("\r\n")
        .Select(line => line.Split(':', 2)).FirstOrDefault(line => line.Length == 2 && line[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await Stream.WriteAsync(bytes, Stopped);

    /// <summary>Completes when the gateway hangs up.</summary>
    public async Task WaitUntilGoneAsync()
    {
        var buffer = new byte[1];
        while (await Stream.ReadAsync(buffer, Stopped) > 0)
        {
        }
    }
}

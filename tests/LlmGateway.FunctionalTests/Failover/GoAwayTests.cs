using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGateway.Requests;
using LlmGateway.Upstream;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>
/// HTTP/2 GOAWAY in the middle of an upload: the provider has not taken the request, which is sent again on another connection, whole. Through the
/// gateway's own connections and body, by prior knowledge of HTTP/2 since a test has no certificate that they would trust.
/// </summary>
public sealed class GoAwayTests
{
    private const int Large = 600_000;

    [Fact]
    public async Task The_request_is_sent_again_whole_on_another_connection()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        for (var tries = 0; !await IsSentAgainAsync(patience.Token); tries++)
        {
            Assert.True(tries < 10, "it is hardly ever sent again");
        }
    }

    /// <summary>
    /// False where the client noticed that its upload had ended before it read why: it says that the request was cancelled then, although nobody has, and
    /// another attempt follows.
    /// </summary>
    private static async Task<bool> IsSentAgainAsync(CancellationToken patience)
    {
        var body = Encoding.UTF8.GetBytes("{\"text\":\"" + new string('x', Large) + "\"}");
        using var server = new GoAwayServer();
        var serving = server.ServeAsync(patience);
        using var clients = new UpstreamClients();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new OutgoingContent(new OutgoingBody(owner: null, [body])),
        };

        HttpResponseMessage response;
        try
        {
            response = await clients.For(TimeSpan.FromSeconds(20)).SendAsync(request, patience);
        }
        catch (TaskCanceledException) when (!patience.IsCancellationRequested)
        {
            return false;
        }

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync(patience));
        await serving;
        Assert.Equal(2, server.Connections);
        Assert.InRange(server.TakenBeforeGoAway, 1, body.Length - 1);
        Assert.Equal(body, server.Received);
        response.Dispose();
        return true;
    }

    /// <summary>Speaks as much HTTP/2 as this needs: the first connection is sent away in mid-upload, the second is answered.</summary>
    private sealed class GoAwayServer : IDisposable
    {
        private const byte Data = 0, Headers = 1, Settings = 4, GoAway = 7, WindowUpdate = 8;
        private const byte EndStream = 1, EndHeaders = 4, Acknowledge = 1;

        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private TcpClient? _answered;

        public GoAwayServer() => _listener.Start();

        public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1/chat/completions");

        public int Connections { get; private set; }

        public int TakenBeforeGoAway { get; private set; }

        public byte[] Received { get; private set; } = [];

        public async Task ServeAsync(CancellationToken cancellation)
        {
            await SendAwayAsync(cancellation);
            await AnswerAsync(cancellation);
        }

        public void Dispose()
        {
            // The answer may still be on its way until the test has read it.
            _answered?.Dispose();
            _listener.Dispose();
        }

        private async Task SendAwayAsync(CancellationToken cancellation)
        {
            using var client = await AcceptAsync(cancellation);
            var stream = client.GetStream();
            while (true)
            {
                var (type, _, payload) = await ReadFrameAsync(stream, cancellation);
                if (type == Data)
                {
                    // In the middle: the window of 64 KB lets no more through than a part.
                    TakenBeforeGoAway += payload.Length;
                    await WriteFrameAsync(stream, GoAway, 0, streamId: 0, new byte[8], cancellation);
                    client.Client.Shutdown(SocketShutdown.Send);
                    while (await stream.ReadAsync(new byte[4096], cancellation) > 0)
                    {
                    }

                    return;
                }
            }
        }

        private async Task AnswerAsync(CancellationToken cancellation)
        {
            var client = await AcceptAsync(cancellation);
            var stream = client.GetStream();
            using var received = new MemoryStream();
            var window = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(window, 10 * Large);
            await WriteFrameAsync(stream, WindowUpdate, 0, streamId: 0, window, cancellation);
            while (true)
            {
                var (type, flags, payload) = await ReadFrameAsync(stream, cancellation);
                if (type == Headers)
                {
                    await WriteFrameAsync(stream, WindowUpdate, 0, streamId: 1, window, cancellation);
                }
                else if (type == Data)
                {
                    received.Write(payload);
                    if ((flags & EndStream) != 0)
                    {
                        break;
                    }
                }
            }

            Received = received.ToArray();

            // Index 8 of HPACK's static table is ":status: 200".
            await WriteFrameAsync(stream, Headers, EndHeaders, streamId: 1, [0x88], cancellation);
            await WriteFrameAsync(stream, Data, EndStream, streamId: 1, "{}"u8.ToArray(), cancellation);
            _answered = client;
        }

        private async Task<TcpClient> AcceptAsync(CancellationToken cancellation)
        {
            var client = await _listener.AcceptTcpClientAsync(cancellation);
            Connections++;
            var stream = client.GetStream();
            await stream.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length], cancellation);
            await WriteFrameAsync(stream, Settings, 0, streamId: 0, [], cancellation);
            return client;
        }

        private static async Task<(byte Type, byte Flags, byte[] Payload)> ReadFrameAsync(NetworkStream stream, CancellationToken cancellation)
        {
            var head = new byte[9];
            await stream.ReadExactlyAsync(head, cancellation);
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, cancellation);
            if (head[3] == Settings && (head[4] & Acknowledge) == 0)
            {
                await WriteFrameAsync(stream, Settings, Acknowledge, streamId: 0, [], cancellation);
            }

            return (head[3], head[4], payload);
        }

        private static async Task WriteFrameAsync(NetworkStream stream, byte type, byte flags, int streamId, byte[] payload, CancellationToken cancellation)
        {
            var frame = new byte[9 + payload.Length];
            frame[0] = (byte)(payload.Length >> 16);
            frame[1] = (byte)(payload.Length >> 8);
            frame[2] = (byte)payload.Length;
            frame[3] = type;
            frame[4] = flags;
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
            payload.CopyTo(frame, 9);
            await stream.WriteAsync(frame, cancellation);
        }
    }
}

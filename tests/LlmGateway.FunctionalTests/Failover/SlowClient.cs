using System.Net.Sockets;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A client that has asked and does not read yet: what is sent to it fills the buffers between.</summary>
internal static class SlowClient
{
    public static async Task<Socket> AskAsync(FailoverRig rig, string more = "")
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(rig.Gateway.BaseUrl.Host, rig.Gateway.BaseUrl.Port);
        var body = TestGateway.ChatBody(more, "faulty");
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TestConfiguration.Key}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\nconnection: close\r\n\r\n{body}"));
        return socket;
    }

    /// <summary>Closes so that the gateway sees a reset at once.</summary>
    public static void Leave(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    /// <summary>Waits until a count has not changed over many looks: whoever counts stands still. That nothing happens can only be seen by looking for a while.</summary>
    public static async Task UntilStillAsync(Func<int> count, CancellationToken soon)
    {
        for (var (same, last) = (0, -1); same < 20;)
        {
            var now = count();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
            using var pause = new SemaphoreSlim(0);
            await pause.WaitAsync(TimeSpan.FromMilliseconds(50), soon);
        }
    }
}

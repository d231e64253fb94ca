using System.Net;
using System.Net.Sockets;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>A port for a server that is killed and comes back: not of those that the system hands to outgoing connections, which would take it meanwhile.</summary>
internal static class StablePort
{
    private const int First = 10_000;
    private const int Count = 20_000;

    /// <summary>Far from what another process that runs tests on this machine looks at.</summary>
    private static int LastTried = Environment.ProcessId * 131 % Count;

    public static int Next()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref LastTried) % Count);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}

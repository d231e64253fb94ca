using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>A Redis of one test: in a folder of its own, on a port of its own, to be killed, stopped and started again. It writes every command to its file.</summary>
internal sealed class RedisServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("redis-").FullName;
    private readonly int _port = StablePort.Next();
    private Process? _process;

    private RedisServer()
    {
    }

    public string ConnectionString => $"127.0.0.1:{_port}";

    public static async Task<RedisServer> StartAsync()
    {
        var server = Prepare();
        await server.RestartAsync();
        return server;
    }

    /// <summary>The port is known, but nothing listens until <see cref="RestartAsync"/>.</summary>
    public static RedisServer Prepare() => new();

    /// <summary>Starts it on the same folder and port, and returns when it answers.</summary>
    public async Task RestartAsync()
    {
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo("redis-server",
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy", "noeviction", "--logfile", Path.Combine(_folder, "redis.log"),
        ]))!;
        using var patience = new CancellationTokenSource(Patience);
        while (!await AnswersAsync(patience.Token))
        {
            Assert.False(_process.HasExited, "redis-server has ended");
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: connections stay open, new ones are taken by the kernel, and nothing answers.</summary>
    public void Pause() => _process!.Signal(Signals.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => _process!.Signal(Signals.Continue);

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port, cancellation);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancellation);
            var answer = new byte[64];
            var read = await client.GetStream().ReadAsync(answer, cancellation);

            // While it reads its file it answers -LOADING.
            return Encoding.ASCII.GetString(answer, 0, read).StartsWith("+PONG", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}

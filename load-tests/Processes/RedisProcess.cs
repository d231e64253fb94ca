using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace LlmGateway.LoadTests.Processes;

/// <summary>A Redis of the run's own, on loopback, that keeps nothing.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWait = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private RedisProcess(Process process, int port)
    {
        _process = process;
        Connection = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    public string Connection { get; }

    /// <exception cref="LoadTestException">There is no redis-server, or it does not start.</exception>
    public static async Task<RedisProcess> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var port = FreePort.Url().Port;
        var start = new ProcessStartInfo("redis-server") { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var argument in (string[])["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--logfile", "redis.log"])
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new LoadTestException($"redis-server cannot be started ({missing.Message}): install it, or leave the scenario out.");
        }

        var redis = new RedisProcess(process, port);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(StartWait);
        while (!await ListensAsync(port, enough.Token))
        {
            if (process.HasExited || enough.IsCancellationRequested)
            {
                await redis.DisposeAsync();
                throw new LoadTestException("redis-server did not begin to listen.");
            }

            await Task.Delay(20, CancellationToken.None);
        }

        return redis;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}

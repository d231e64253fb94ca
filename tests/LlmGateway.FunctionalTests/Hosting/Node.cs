using System.Collections.Concurrent;
using System.Diagnostics;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>One gateway of several: a process that is stopped, killed and started again on the same address and data folder.</summary>
internal sealed class Node(string name, string configuration, string dataFolder, IReadOnlyList<(string Name, string Value)> environment) : IAsyncDisposable
{
    private const string Listening = "  listening   ";

    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public string Name { get; } = name;

    public string DataFolder { get; } = dataFolder;

    public Uri Address { get; } = new($"http://127.0.0.1:{StablePort.Next()}/");

    /// <summary>What all of its processes wrote.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts a process, and returns when it listens.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "LlmGateway.dll"), "serve",
            "--config", configuration, "--data", DataFolder, "--urls", Address.GetLeftPart(UriPartial.Authority),
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => listens.TrySetException(new InvalidOperationException($"{Name} ended: {Output}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await listens.Task.WaitAsync(cancellation);

        void Take(string? line)
        {
            if (line is not null)
            {
                _output.Enqueue(line);
            }

            if (line?.StartsWith(Listening, StringComparison.Ordinal) is true)
            {
                listens.TrySetResult();
            }
        }
    }

    /// <summary>SIGTERM, and the exit code of what follows.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellation)
    {
        _process!.Signal(Signals.Terminate);
        await _process!.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing of it runs any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP.</summary>
    public void Pause() => _process!.Signal(Signals.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => _process!.Signal(Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
    }
}

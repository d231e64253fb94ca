using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace LlmGateway.FunctionalTests.Processes;

/// <summary>How a process ended and what it wrote.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The built binary as a process of its own, as an operator runs it.</summary>
internal sealed class ChildGateway : IAsyncDisposable
{
    private const string ListeningMark = "  listening   ";

    /// <summary>Whatever waits for longer than this has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Channel<string> _arriving = Channel.CreateUnbounded<string>();
    private readonly Task _output;
    private readonly Task<string> _error;
    private readonly CancellationTokenSource _patience = new(Patience);

    private ChildGateway(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Standard output so far.</summary>
    public string Output => string.Join('\n', _lines);

    public CancellationToken Soon => _patience.Token;

    /// <summary>Where it listens; known once it said so.</summary>
    public Uri Address { get; private set; } = null!;

    /// <param name="folder">The working directory.</param>
    /// <param name="environment">Variables beside those that every process needs.</param>
    public static ChildGateway Start(string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        // A test run in the background ignores SIGINT, and so would its children: `env` gives them the default again.
        var start = new ProcessStartInfo("env") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] command = ["--default-signal=INT", "dotnet", typeof(GatewayHost).Assembly.Location, .. arguments];
        foreach (var argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        // Neither a credential nor a setting of whoever runs the tests.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("LLMGATEWAY_", StringComparison.Ordinal) || name.EndsWith("_API_KEY", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildGateway(Process.Start(start)!);
    }

    /// <summary>Starts <c>serve</c> and waits until it listens.</summary>
    public static async Task<ChildGateway> ServeAsync(string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        var child = Start(folder, ["serve", .. arguments], environment);
        var line = await child.WaitForLineAsync(line => line.StartsWith(ListeningMark, StringComparison.Ordinal));
        child.Address = new Uri(line[ListeningMark.Length..] + "/");
        return child;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Ended> RunAsync(string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        await using var child = Start(folder, arguments, environment);
        return await child.EndAsync();
    }

    /// <summary>The first line, written already or still to come, that is as wanted.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> wanted)
    {
        await foreach (var line in _arriving.Reader.ReadAllAsync(Soon))
        {
            if (wanted(line))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"It ended without saying so:\n{Output}\n{await _error}");
    }

    public void Signal(PosixSignal signal) => Assert.Equal(0, Kill(_process.Id, signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGTERM => 15,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    }));

    public async Task<Ended> EndAsync()
    {
        await _process.WaitForExitAsync(Soon);
        await _output;
        return new Ended(_process.ExitCode, Output, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _patience.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            _arriving.Writer.TryWrite(line);
        }

        _arriving.Writer.Complete();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>The real binary in a process of its own, to be killed or starved.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;

    private GatewayProcess(Process process, ConcurrentQueue<string> output, Uri address)
    {
        (_process, _output) = (process, output);
        Client = new HttpClient { BaseAddress = address };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", TestConfiguration.Key);
    }

    /// <summary>Carries the key of tenant acme.</summary>
    public HttpClient Client { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts it on a free port, and returns when it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(TestConfiguration configuration, CancellationToken cancellation)
    {
        // A process inherits that a signal is ignored: a file at its limit is then an error of the write, as on a full disk, and no signal.
        var start = new ProcessStartInfo("sh", ["-c", "trap '' XFSZ; exec \"$@\"", "sh", .. Command(configuration)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var output = new ConcurrentQueue<string>();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => address.TrySetException(new InvalidOperationException("The gateway ended: " + string.Join('\n', output)));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new GatewayProcess(process, output, await address.Task.WaitAsync(cancellation));

        void Take(string? line)
        {
            const string Listening = "  listening   ";
            output.Enqueue(line ?? "");
            if (line?.StartsWith(Listening, StringComparison.Ordinal) is true)
            {
                address.TrySetResult(new Uri(line[Listening.Length..].Split(',')[0] + "/"));
            }
        }
    }

    /// <summary>SIGKILL: nothing of it runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Lets no file of it grow beyond that size; null takes the limit away.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        var limit = bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
        using var prlimit = Process.Start("prlimit", [$"--pid={_process.Id}", $"--fsize={limit}:unlimited"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string[] Command(TestConfiguration configuration) =>
    [
        "dotnet", Path.Combine(AppContext.BaseDirectory, "LlmGateway.dll"), "serve",
        "--config", configuration.GatewayYaml, "--data", configuration.DataFolder, "--urls", "http://127.0.0.1:0",
    ];
}

using System.Diagnostics;

namespace LlmGateway.LoadTests.Processes;

/// <summary>A process that the driver started, and ends. Its output goes to a file: reading a pipe would cost the driver time.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndWait = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string _logFile;

    private ChildProcess(string name, Process process, string logFile)
    {
        Name = name;
        _process = process;
        _logFile = logFile;
        Sampler = new ProcessSampler(process.Id);
    }

    public string Name { get; }

    public ProcessSampler Sampler { get; }

    public bool HasExited => _process.HasExited;

    /// <param name="name">What messages call it.</param>
    /// <param name="assembly">The dll to run.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="environment">Variables beside the inherited ones.</param>
    /// <param name="folder">Where its log file is written.</param>
    public static ChildProcess Start(
        string name, string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var logFile = Path.Combine(folder, $"{name}.log");

        // The shell gives the output to the file and then becomes the program, so the process id is the program's.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = folder };
        string[] shell = ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", logFile, Environment.ProcessPath ?? "dotnet"];
        if (!IsMuxer(shell[^1]))
        {
            shell[^1] = "dotnet";
        }

        foreach (var argument in shell.Append(assembly).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove(InlineCompletions.Variable);
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new ChildProcess(name, Process.Start(start)!, logFile);
    }

    /// <summary>The end of what it has written.</summary>
    public string LastOutput(int lines = 20)
    {
        var written = File.Exists(_logFile) ? File.ReadLines(_logFile).TakeLast(lines).ToArray() : [];
        return written.Length == 0 ? "  (it wrote nothing)" : string.Join(Environment.NewLine, written.Select(line => "  " + line));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(EndWait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _process.Dispose();
    }

    private static bool IsMuxer(string path) => Path.GetFileNameWithoutExtension(path) == "dotnet";
}

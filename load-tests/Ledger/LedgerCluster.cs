using System.Diagnostics;
using System.Globalization;
using LlmGateway.LoadTests.Processes;
using Npgsql;

namespace LlmGateway.LoadTests.Ledger;

/// <summary>A PostgreSQL in a temporary folder, with the settings of a small server: what is committed is on the disk.</summary>
internal sealed class LedgerCluster : IDisposable
{
    private const string Account = "postgres";
    private const int Tries = 200;

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-").FullName;
    private readonly int _port = FreePort.Url().Port;
    private Process? _process;

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username={Account};Database=postgres;Command Timeout=600";

    public static async Task<LedgerCluster> StartAsync(CancellationToken cancellation)
    {
        var cluster = new LedgerCluster();
        if (Environment.IsPrivilegedProcess)
        {
            Run(new ProcessStartInfo("chown", [Account, cluster._folder]));
        }

        var data = Path.Combine(cluster._folder, "cluster");
        Run(Tool("initdb", ["-D", data, "-U", Account, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]));
        cluster._process = Process.Start(Tool("postgres", ["-D", data, "-p", cluster._port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "shared_buffers=1GB", "-c", "max_wal_size=4GB", "-c", "work_mem=64MB", "-c", "log_min_messages=fatal"]))!;
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false");
                await connection.OpenAsync(cancellation);
                return cluster;
            }
            catch (NpgsqlException) when (tries < Tries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
            }
        }
    }

    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        Run(new ProcessStartInfo("rm", ["-rf", _folder]));
    }

    // PostgreSQL refuses to run as root.
    private static ProcessStartInfo Tool(string name, string[] arguments)
    {
        const string Versions = "/usr/lib/postgresql";
        var path = Directory.Exists(Versions)
            ? Directory.EnumerateDirectories(Versions).Select(version => Path.Combine(version, "bin", name)).LastOrDefault(File.Exists) ?? name
            : name;
        return new ProcessStartInfo(Environment.IsPrivilegedProcess ? "setpriv" : path, Environment.IsPrivilegedProcess ? ["--reuid", Account, "--regid", Account, "--init-groups", path, .. arguments] : arguments)
        {
            WorkingDirectory = "/",
        };
    }

    private static void Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new LoadTestException($"{start.FileName} {string.Join(' ', start.ArgumentList)} failed");
        }
    }
}

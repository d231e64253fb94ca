using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>A PostgreSQL of one test: a cluster in a folder of its own, on a free port, to be killed, stopped and started again.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Account = "postgres";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    private PostgresServer()
    {
    }

    private string Cluster => Path.Combine(_folder, "cluster");

    /// <summary>Of database <c>postgres</c>, as the superuser.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username={Account};Database=postgres";

    public static async Task<PostgresServer> StartAsync()
    {
        var server = Prepare();
        await server.RestartAsync();
        return server;
    }

    /// <summary>The cluster is there and the port is known, but nothing listens until <see cref="RestartAsync"/>.</summary>
    public static PostgresServer Prepare()
    {
        var server = new PostgresServer();
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", Account, server._folder);
        }

        Run(Tool("initdb", ["-D", server.Cluster, "-U", Account, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]));
        return server;
    }

    /// <summary>Starts it on the same folder and port, and returns when it answers.</summary>
    public async Task RestartAsync()
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            if (_process is null or { HasExited: true })
            {
                // It waits for the processes of the one before to be gone, and says so by ending.
                _process?.Dispose();
                var start = Tool("postgres", ["-D", Cluster, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1",
                    "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "shared_buffers=64MB", "-c", "max_connections=60", "-c", "log_min_messages=fatal"]);
                _process = Process.Start(start)!;
                _process.ErrorDataReceived += static (_, _) => { };
                _process.BeginErrorReadLine();
                _process.OutputDataReceived += static (_, _) => { };
                _process.BeginOutputReadLine();
            }

            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=2");
                await connection.OpenAsync();
                return;
            }
            catch (Exception error) when (error is NpgsqlException or SocketException or TimeoutException && Environment.TickCount64 < end)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>SIGKILL to all of its processes at once.</summary>
    public async Task KillAsync()
    {
        Signal("KILL");
        await _process!.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: connections stay open, new ones are taken by the kernel, and nothing answers.</summary>
    public void Stop() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signal("CONT");

    /// <summary>Makes an empty database and says how to reach it.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await ExecuteAsync($"CREATE DATABASE {name}");
        return ConnectionString.Replace("Database=postgres", $"Database={name}", StringComparison.Ordinal);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One value; null for NULL.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            Signal("KILL");
            _process.WaitForExit();
        }

        _process?.Dispose();
        if (Environment.IsPrivilegedProcess)
        {
            Run("rm", "-rf", _folder);
        }
        else
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>To the postmaster and its children, each of which is the leader of its own group.</summary>
    private void Signal(string signal)
    {
        var pidFile = Path.Combine(Cluster, "postmaster.pid");
        if (!File.Exists(pidFile))
        {
            return;
        }

        var postmaster = File.ReadLines(pidFile).First();
        var children = Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(process => int.TryParse(process, out _) && ParentOf(process!) == postmaster);
        using var kill = Process.Start("kill", ["-" + signal, postmaster, .. children!]);
        kill.WaitForExit();
    }

    private static string? ParentOf(string process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(static line => line.StartsWith("PPid:", StringComparison.Ordinal))?[5..].Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>PostgreSQL refuses to run as root. The command takes the place of the one that changes the account: nothing in between sees its signals.</summary>
    private static ProcessStartInfo Tool(string name, string[] arguments)
    {
        var path = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(static version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
                .Select(version => Path.Combine(version, "bin", name))
                .FirstOrDefault(File.Exists) ?? name
            : name;
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid", Account, "--regid", Account, "--init-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = "/";
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }

    private static void Run(string name, params string[] arguments) => Run(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });

    private static void Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{start.FileName}: {error.Result}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Globalization;
using LlmGateway.Catalog;
using Npgsql;
using StackExchange.Redis;

namespace LlmGateway.Admin.Doctor;

/// <summary>Redis and PostgreSQL: whether they answer, how they are set up, and what their clocks say.</summary>
internal static class EngineCheck
{
    private const int PatienceMs = 5000;
    private const int OldestPostgres = 15;
    private static readonly Version OldestRedis = new(6, 2);

    public static async Task<IReadOnlyList<Finding>> RedisAsync(Secret connection, TimeProvider time)
    {
        try
        {
            var settings = ConfigurationOptions.Parse(connection.Reveal());
            (settings.AbortOnConnectFail, settings.ConnectTimeout, settings.AsyncTimeout) = (true, PatienceMs, PatienceMs);

            // INFO, to the driver, is for administrators; it changes nothing.
            settings.AllowAdmin = true;
            await using var redis = await ConnectionMultiplexer.ConnectAsync(settings);
            var server = redis.GetServers().First(static one => one.IsConnected);
            var started = Stopwatch.GetTimestamp();
            var before = time.GetUtcNow();
            var theirs = await server.TimeAsync();
            var findings = new List<Finding>
            {
                Finding.Ok("redis", string.Create(CultureInfo.InvariantCulture, $"{server.Version} answers in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms")),
                ClockCheck.Compare("redis", before, new DateTimeOffset(theirs, TimeSpan.Zero), time.GetUtcNow()),
            };
            if (server.Version < OldestRedis)
            {
                findings.Add(Finding.Failure("redis", $"version {server.Version} is too old", $"install {OldestRedis} or later"));
            }

            findings.AddRange(Settings(await InfoAsync(server)));
            return findings;
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ArgumentException or InvalidOperationException)
        {
            return [Finding.Failure("redis", $"it does not answer: {FirstLine(error)}", "start it, or mend redis.connection; until then limits go by each node's share")];
        }
    }

    public static async Task<IReadOnlyList<Finding>> PostgresAsync(Secret connection, TimeProvider time)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection.Reveal()) { Timeout = PatienceMs / 1000, CommandTimeout = PatienceMs / 1000, Pooling = false });
            var started = Stopwatch.GetTimestamp();
            await using var open = await source.OpenConnectionAsync();
            await using var command = open.CreateCommand();
            command.CommandText = "SELECT clock_timestamp(), pg_is_in_recovery(), to_regclass('schema_versions') IS NOT NULL";
            var before = time.GetUtcNow();
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            var (theirs, standby, migrated) = (reader.GetFieldValue<DateTimeOffset>(0), reader.GetBoolean(1), reader.GetBoolean(2));
            var findings = new List<Finding>
            {
                Finding.Ok("postgres", string.Create(
                    CultureInfo.InvariantCulture, $"{open.PostgreSqlVersion} answers in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0.0} ms{(migrated ? "" : ", without a schema yet: the first start makes it")}")),
                ClockCheck.Compare("postgres", before, theirs, time.GetUtcNow()),
            };
            if (open.PostgreSqlVersion.Major < OldestPostgres)
            {
                findings.Add(Finding.Failure("postgres", $"version {open.PostgreSqlVersion} is too old", $"install {OldestPostgres} or later"));
            }

            if (standby)
            {
                findings.Add(Finding.Failure("postgres", "it is a standby, which takes no writes", "name the primary in postgres.connection"));
            }

            return findings;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or ArgumentException or System.Net.Sockets.SocketException)
        {
            return [Finding.Failure("postgres", $"it does not answer: {FirstLine(error)}", "start it, or mend postgres.connection; until then rows wait in the data folder and keys cannot be changed")];
        }
    }

    private static IEnumerable<Finding> Settings(IReadOnlyDictionary<string, string> info)
    {
        if (info.GetValueOrDefault("maxmemory", "0") != "0" && info.GetValueOrDefault("maxmemory_policy") is { } policy and not "noeviction")
        {
            yield return Finding.Failure("redis", $"maxmemory-policy is {policy}: what budgets have spent may be thrown away", "set maxmemory-policy noeviction");
        }

        if (info.GetValueOrDefault("aof_enabled") != "1")
        {
            yield return Finding.Warning("redis", "it does not write every command to its file: after a restart of Redis budgets are told by the ledger", "set appendonly yes");
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> InfoAsync(IServer server)
    {
        try
        {
            return (await server.InfoAsync()).SelectMany(static section => section).DistinctBy(static entry => entry.Key).ToDictionary(static entry => entry.Key, static entry => entry.Value, StringComparer.Ordinal);
        }
        catch (RedisServerException)
        {
            // The account may not ask.
            return new Dictionary<string, string> { ["aof_enabled"] = "1" };
        }
    }

    /// <summary>Drivers put addresses and, some of them, whole option strings behind it.</summary>
    private static string FirstLine(Exception error) => error is RedisException ? "no connection could be made" : error.Message.Split('\n')[0].Trim();
}

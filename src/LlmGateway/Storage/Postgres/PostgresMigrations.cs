using System.Data;
using System.Reflection;
using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using Npgsql;

namespace LlmGateway.Storage.Postgres;

/// <summary>
/// Brings the shared database to this binary's shape, forward only. Each room keeps its scripts in its own
/// <c>Migrations/Postgres/NNNN-name.sql</c>; they run once, in the order of their numbers, each in a transaction. Nodes that start at once wait
/// for one another. A script only ever adds, since nodes of the version before go on meanwhile.
/// </summary>
internal static class PostgresMigrations
{
    private const string Journal = "schema_versions";
    private const string Folder = ".Migrations.Postgres.";

    // "llmgate" in ASCII: the same in every version, and nobody else's.
    private const long Lock = 0x6C6C6D_67617465;

    /// <summary>How long the migration of another node is waited for.</summary>
    private const int LockSeconds = 60;

    /// <summary>How long one statement of a script may take: an index over a large ledger takes minutes, and rows wait in the outbox meanwhile.</summary>
    private static readonly TimeSpan ScriptTime = TimeSpan.FromMinutes(30);

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StorageException">A script failed; the database is as it was before that script.</exception>
    public static Task ApplyAsync(NpgsqlDataSource source, ILogger logger) => ApplyAsync(source, Scripts(), logger);

    internal static async Task ApplyAsync(NpgsqlDataSource source, IReadOnlyList<SqlScript> scripts, ILogger logger)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandTimeout = LockSeconds;
        command.CommandText = $"SELECT pg_advisory_lock({Lock})";
        await command.ExecuteNonQueryAsync();
        try
        {
            Upgrade(source, scripts, logger);
        }
        finally
        {
            command.CommandText = $"SELECT pg_advisory_unlock({Lock})";
            if (connection.State is ConnectionState.Open)
            {
                await command.ExecuteNonQueryAsync();
            }
        }
    }

    private static void Upgrade(NpgsqlDataSource source, IReadOnlyList<SqlScript> scripts, ILogger logger)
    {
        var engine = DeployChanges.To.PostgresqlDatabase(new PostgresqlConnectionManager(source))
            .WithScripts(scripts)
            .WithScriptNameComparer(StringComparer.Ordinal)
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .WithExecutionTimeout(ScriptTime)
            .JournalToPostgresqlTable(null, Journal)
            .LogToNowhere()
            .Build();
        if (engine.GetExecutedButNotDiscoveredScripts() is { Count: > 0 } unknown)
        {
            // Scripts only add: what this version knows is still there.
            logger.PostgresIsNewer(unknown[^1]);
        }

        var result = engine.PerformUpgrade();
        if (!result.Successful)
        {
            throw PostgresUnavailableException.IsOutage(result.Error)
                ? PostgresUnavailableException.Of(result.Error)
                : new StorageException($"PostgreSQL: migration {result.ErrorScript?.Name} failed: {PostgresUnavailableException.Reason(result.Error)}", result.Error);
        }
    }

    internal static IReadOnlyList<SqlScript> Scripts()
    {
        var assembly = typeof(PostgresMigrations).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.Contains(Folder, StringComparison.Ordinal))
                .Select(name => (Name: name[(name.LastIndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], Resource: name))
                .OrderBy(script => script.Name, StringComparer.Ordinal)
                .Select(script => new SqlScript(script.Name, Read(assembly, script.Resource))),
        ];
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}

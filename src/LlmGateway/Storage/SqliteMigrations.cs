using System.Reflection;
using DbUp;
using DbUp.Engine;
using DbUp.Sqlite.Helpers;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Storage;

/// <summary>
/// Brings the database to this binary's shape, forward only. Each room keeps its scripts in its own <c>Migrations/NNNN-name.sql</c>;
/// they run once, in the order of their numbers, each in a transaction.
/// </summary>
internal static class SqliteMigrations
{
    private const string Journal = "schema_versions";
    private const string Folder = ".Migrations.";
    private const string OtherEngine = ".Migrations.Postgres.";

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StorageException">The file is damaged, newer than this binary, or cannot be written.</exception>
    public static void Apply(SqliteDatabase database) => Apply(database, Scripts(typeof(SqliteMigrations).Assembly));

    internal static void Apply(SqliteDatabase database, IReadOnlyList<SqlScript> scripts)
    {
        try
        {
            using var connection = database.Open();

            // DbUp opens and closes as it goes; on a connection of its own it would leave without our pragmas.
            using var shared = new SharedConnection(connection);
            var engine = DeployChanges.To.SqliteDatabase(shared)
                .WithScripts(scripts)
                .WithScriptNameComparer(StringComparer.Ordinal)
                .WithVariablesDisabled()
                .WithTransactionPerScript()
                .JournalToSqliteTable(Journal)
                .LogToNowhere()
                .Build();
            if (engine.GetExecutedButNotDiscoveredScripts() is { Count: > 0 } unknown)
            {
                throw new StorageException(
                    $"{database.Path} was written by a newer gateway ({unknown[^1]} is unknown here): run that version, or restore a backup from before");
            }

            var result = engine.PerformUpgrade();
            if (!result.Successful)
            {
                throw result.Error as SqliteException as Exception ?? new StorageException(
                    $"{database.Path}: migration {result.ErrorScript?.Name} failed: {result.Error.Message.ReplaceLineEndings(" ")}", result.Error);
            }
        }
        catch (SqliteException error)
        {
            throw StorageException.Of(error, database.Path);
        }
    }

    private static SqlScript[] Scripts(Assembly assembly) =>
        [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(Folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Where(name => !name.Contains(OtherEngine, StringComparison.Ordinal))
            .Select(name => (Name: name[(name.LastIndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], Resource: name))
            .OrderBy(script => script.Name, StringComparer.Ordinal)
            .Select(script => new SqlScript(script.Name, Read(assembly, script.Resource)))];

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}

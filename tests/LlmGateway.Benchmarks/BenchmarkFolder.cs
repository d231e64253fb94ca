using LlmGateway.Storage;

namespace LlmGateway.Benchmarks;

/// <summary>A migrated database in a folder that goes with the benchmark.</summary>
internal sealed class BenchmarkFolder : IDisposable
{
    public BenchmarkFolder()
    {
        Database = new SqliteDatabase(Directory.CreateTempSubdirectory("llmgateway-benchmark-").FullName);
        SqliteMigrations.Apply(Database);
    }

    public SqliteDatabase Database { get; }

    /// <summary>Takes the rows away again, so that an iteration begins like the one before.</summary>
    public void Empty()
    {
        using var connection = Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM ledger; PRAGMA wal_checkpoint(TRUNCATE);";
        command.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(Database.Folder, recursive: true);
}

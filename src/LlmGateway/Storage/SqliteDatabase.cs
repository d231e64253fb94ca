using Microsoft.Data.Sqlite;

namespace LlmGateway.Storage;

/// <summary>The embedded database in the data folder: one file, write-ahead log, several connections.</summary>
internal sealed class SqliteDatabase
{
    private readonly string _connectionString;

    /// <param name="file">Another than that of the gateway's books, for what may be lost.</param>
    public SqliteDatabase(string dataFolder, string file = "gateway.db")
    {
        Folder = dataFolder;
        Path = System.IO.Path.Combine(dataFolder, file);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 5,
        }.ConnectionString;
    }

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>Opens a connection: write-ahead log, and a commit that survives a killed process (synchronous=NORMAL).</summary>
    public SqliteConnection Open() =>
        Open(_connectionString, "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;");

    /// <summary>
    /// Opens an existing database for reports, beside a running gateway or without one. Not in SQLite's read-only mode, which cannot
    /// read a write-ahead log that a killed process left behind.
    /// </summary>
    public SqliteConnection OpenForReading() =>
        Open(
            new SqliteConnectionStringBuilder(_connectionString) { Mode = SqliteOpenMode.ReadWrite }.ConnectionString,
            "PRAGMA busy_timeout=5000; PRAGMA query_only=ON;");

    private static SqliteConnection Open(string connectionString, string pragmas)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

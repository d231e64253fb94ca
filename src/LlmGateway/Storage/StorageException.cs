using Microsoft.Data.Sqlite;

namespace LlmGateway.Storage;

/// <summary>The data folder or its database cannot be used. The message is one line that says what and what to do.</summary>
internal sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner)
{
    private const int SqliteCorrupt = 11;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;
    private const int SqliteNotADatabase = 26;

    /// <summary>SQLite's error in an operator's words.</summary>
    public static StorageException Of(SqliteException error, string path) => new(
        error.SqliteErrorCode switch
        {
            SqliteCorrupt or SqliteNotADatabase =>
                $"{path} is damaged or no SQLite database: restore it from a backup, or move it away to start with an empty one",
            SqliteFull => $"{path} cannot grow, the disk is full: free some space",
            SqliteCannotOpen => $"{path} cannot be opened: check the permissions of the data folder",
            _ => $"{path} cannot be used: {error.Message.ReplaceLineEndings(" ")}",
        },
        error);
}

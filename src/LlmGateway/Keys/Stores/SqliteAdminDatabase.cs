using System.Data.Common;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Keys.Stores;

/// <summary>The database in the data folder. Other processes find a change by themselves: <see cref="KeyWatcher"/>.</summary>
internal sealed class SqliteAdminDatabase(SqliteDatabase database) : IAdminDatabase
{
    private const int ConstraintUnique = 2067;
    private const int Busy = 5;
    private const int Full = 13;
    private const int CannotOpen = 14;

    public string Name => "SQLite";

    public DbConnection Open() => database.Open();

    public DbTransaction BeginReading(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    public DbTransaction BeginWriting(DbConnection connection) => connection.BeginTransaction();

    public void Announce(DbTransaction transaction)
    {
    }

    public bool IsDuplicate(DbException error) => error is SqliteException { SqliteExtendedErrorCode: ConstraintUnique };

    public bool IsOutage(DbException error) => error is SqliteException { SqliteErrorCode: Busy or Full or CannotOpen };
}

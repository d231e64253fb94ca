using System.Data;
using System.Data.Common;
using Dapper;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Reports.Closing;

/// <summary>Where closes and corrections are kept: beside the rows that they speak of, in the embedded database or in the one that nodes share.</summary>
/// <param name="postgres">Null or not configured: there is none.</param>
internal sealed class Books(SqliteDatabase sqlite, PostgresDatabase? postgres)
{
    /// <summary>Nodes share them: rows come by outboxes, and say themselves whether they are late.</summary>
    public bool Shared => postgres is { IsConfigured: true };

    public SqliteDatabase Sqlite => sqlite;

    public PostgresDatabase? Postgres => Shared ? postgres : null;

    /// <exception cref="PostgresUnavailableException">PostgreSQL does not answer.</exception>
    public async Task<T> AskAsync<T>(Func<DbConnection, Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            await using DbConnection connection = Shared ? await postgres!.OpenAsync(cancellation) : sqlite.Open();
            return await ask(connection);
        }
        catch (Exception error) when (Shared && !cancellation.IsCancellationRequested && PostgresUnavailableException.IsOutage(error))
        {
            throw postgres!.Failed(error);
        }
    }

    /// <summary>
    /// Changes them while nobody inserts a row into the ledger, so that each row is either there to be seen by the change or comes after it. To be brief.
    /// </summary>
    public Task<T> ChangeAsync<T>(Func<DbTransaction, Task<T>> change, CancellationToken cancellation) => AskAsync(
        async connection =>
        {
            // SQLite's takes the right to write at once.
            await using var transaction = connection is SqliteConnection local
                ? local.BeginTransaction()
                : await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            if (Shared)
            {
                await LedgerCloses.TakeAloneAsync(transaction, cancellation);
            }

            var result = await change(transaction);
            await transaction.CommitAsync(cancellation);
            return result;
        },
        cancellation);

    /// <summary>The instant before which retention has removed rows, as the ledger writes it; null where all are there.</summary>
    public Task<string?> KeptFromAsync(CancellationToken cancellation) =>
        AskAsync(static connection => connection.QuerySingleOrDefaultAsync<string>("SELECT value FROM ledger_state WHERE name = 'kept_from'"), cancellation);
}

using System.Data;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>The whole ledger at one instant while rows go from one database to the other: PostgreSQL's, and of the outbox those that are not among <see cref="Shipped"/>.</summary>
internal sealed class LedgerView : IAsyncDisposable
{
    private readonly SqliteConnection _sqlite;
    private readonly NpgsqlConnection _postgres;
    private readonly SqliteTransaction _outbox;
    private readonly NpgsqlTransaction _shared;

    private LedgerView(SqliteConnection sqlite, SqliteTransaction outbox, NpgsqlConnection postgres, NpgsqlTransaction shared, ShippedRows shipped)
    {
        (_sqlite, _outbox, _postgres, _shared) = (sqlite, outbox, postgres, shared);
        Shipped = shipped;
    }

    /// <summary>Rows of the outbox that are in PostgreSQL as well.</summary>
    public ShippedRows Shipped { get; }

    /// <exception cref="PostgresUnavailableException">PostgreSQL does not answer.</exception>
    public static async Task<LedgerView> OpenAsync(SqliteDatabase sqlite, PostgresDatabase postgres, CancellationToken cancellation)
    {
        var local = sqlite.OpenForReading();
        NpgsqlConnection? remote = null;
        try
        {
            // The outbox first: a row that goes over in between is then in both, and is found; the other way round it would be in neither.
            var outbox = local.BeginTransaction(deferred: true);
            remote = await postgres.OpenAsync(cancellation);
            using (var command = local.CreateCommand())
            {
                command.Transaction = outbox;
                command.CommandText = "SELECT MAX(id) FROM ledger";
                command.ExecuteScalar();
            }

            var shared = await remote.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            return new LedgerView(local, outbox, remote, shared, await ShippedPrefix.FindAsync(local, outbox, remote, cancellation));
        }
        catch (Exception error)
        {
            await local.DisposeAsync();
            await (remote?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (!cancellation.IsCancellationRequested && PostgresUnavailableException.IsOutage(error))
            {
                throw postgres.Failed(error);
            }

            throw;
        }
    }

    /// <summary>A command on the outbox.</summary>
    public SqliteCommand Outbox()
    {
        var command = _sqlite.CreateCommand();
        command.Transaction = _outbox;
        return command;
    }

    /// <summary>A command on PostgreSQL.</summary>
    public NpgsqlCommand Shared() => new() { Connection = _postgres, Transaction = _shared };

    public async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        await _sqlite.DisposeAsync();
        try
        {
            await _shared.DisposeAsync();
        }
        catch (Exception error) when (PostgresUnavailableException.IsOutage(error))
        {
        }

        await _postgres.DisposeAsync();
    }
}

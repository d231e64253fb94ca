using LlmGateway.Ledger;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Reports.Focus;

/// <summary>Those of the embedded database by itself.</summary>
internal sealed class LocalDays : IFocusDays
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _instant;

    public LocalDays(SqliteDatabase database)
    {
        _connection = database.OpenForReading();
        try
        {
            _instant = _connection.BeginTransaction(deferred: true);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public Task<string?> KeptFromAsync(CancellationToken cancellation)
    {
        using var command = Command();
        command.CommandText = "SELECT value FROM ledger_state WHERE name = 'kept_from'";
        return Task.FromResult((string?)command.ExecuteScalar());
    }

    public Task<long> CountAsync(UsageQuery query, CancellationToken cancellation)
    {
        using var command = Command();
        UsageSql.CountSqlite(command, query, LedgerRelation.Sqlite(query.Range, query.NeedsRows, query.Figures), query.Figures[0].Name);
        return Task.FromResult((long)command.ExecuteScalar()!);
    }

    public Task<UsageReading> ReadAsync(UsageQuery query, CancellationToken cancellation)
    {
        var command = Command();
        UsageSql.WriteSqlite(command, query, LedgerRelation.Sqlite(query.Range, query.NeedsRows, query.Figures));
        return Task.FromResult(new UsageReading(UsageReport.Sqlite(command, query), command));
    }

    public async ValueTask DisposeAsync()
    {
        await _instant.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private SqliteCommand Command()
    {
        var command = _connection.CreateCommand();
        command.Transaction = _instant;
        return command;
    }
}

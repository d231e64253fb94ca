using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>The history of all nodes in PostgreSQL, with what of this node's has not gone there yet.</summary>
internal sealed class PostgresSpendHistory(PostgresDatabase postgres, SqliteDatabase sqlite, LedgerNode? node = null) : ISpendHistory
{
    /// <summary>Who waits for it holds a request or a start back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public string? Node => node?.Name;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Patience);
        try
        {
            return await ReadBoundedAsync(query, bounded.Token).WaitAsync(bounded.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SpendHistoryException(postgres.Failed(error).Message, error);
        }
    }

    private async Task<IReadOnlyList<SpendEntry>> ReadBoundedAsync(SpendQuery query, CancellationToken cancellation)
    {
        await using var view = await LedgerView.OpenAsync(sqlite, postgres, cancellation);
        List<SpendEntry> waiting;
        using (var outbox = view.Outbox())
        {
            waiting = SqliteSpendHistory.Read(outbox, query, LedgerRelation.Outbox(view.Shipped, SpendSql.NeedsRows(query), query.ByNode), query.ByNode);
        }

        await using var command = view.Shared();
        var shared = await ReadAsync(command, query, cancellation);
        return
        [
            .. shared.Concat(waiting)
                .GroupBy(static entry => (entry.Bucket, entry.Currency, entry.Node))
                .Select(static group => group.Aggregate(static (left, right) => left with
                {
                    Nanos = (long)Int128.Clamp((Int128)left.Nanos + right.Nanos, long.MinValue, long.MaxValue),
                    Requests = left.Requests + right.Requests,
                    InputTokens = left.InputTokens + right.InputTokens,
                    OutputTokens = left.OutputTokens + right.OutputTokens,
                }))
                .OrderBy(static entry => entry.Bucket)
                .ThenBy(static entry => entry.Currency?.Code, StringComparer.Ordinal),
        ];
    }

    private static async Task<List<SpendEntry>> ReadAsync(NpgsqlCommand command, SpendQuery query, CancellationToken cancellation)
    {
        var range = new LedgerRange(query.From, query.To);
        command.CommandText = SpendSql.Of(
            query,
            LedgerRelation.Postgres(range, SpendSql.NeedsRows(query), query.ByNode),
            query.Fine ? "date_bin('10 minutes', started_at, '2000-01-01T00:00:00Z'::timestamptz)" : "date_trunc('hour', started_at, 'UTC')",
            $"LEAST(COALESCE({SpendSql.Cost()}, 0) * 1000000000, 9223372036854775807)::bigint",
            "::bigint",
            "tags ->> @tag = @value",
            query.ByNode);
        foreach (var (name, value) in range.Parameters)
        {
            command.Parameters.AddWithValue(name, value.UtcDateTime);
        }

        foreach (var (name, value) in SpendSql.Parameters(query))
        {
            command.Parameters.AddWithValue(name, value);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var entries = new List<SpendEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(new SpendEntry(
                new DateTimeOffset(reader.GetDateTime(0)),
                reader.IsDBNull(1) ? null : new Currency(reader.GetString(1)),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetString(6)));
        }

        return entries;
    }
}

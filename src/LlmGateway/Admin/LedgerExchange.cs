using System.Data.Common;
using System.Globalization;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;

namespace LlmGateway.Admin;

/// <summary>What the ledger still knows of an exchange that the gateway itself has forgotten: its attempts.</summary>
internal static class LedgerExchange
{
    /// <summary>How far back a request id is looked for: it has no index, which every row would have to pay for.</summary>
    public static readonly TimeSpan LookBack = TimeSpan.FromHours(24);

    public const string Note =
        "Its decision is not remembered: only the last exchanges of the running process are, once they have ended. The attempts are rows of the ledger.";

    private static readonly string[] Columns =
    [
        "operation_id", "request_id", "tenant", "project", "key_id", "endpoint", "stream", "route", "model_asked", "attempt", "cause", "deployment", "status",
        "error_class", "finish_reason", "model_answered", "started_at", "first_event_at", "finished_at", "input_tokens", "cached_input_tokens",
        "cache_write_tokens", "output_tokens", "reasoning_tokens", "usage_source", "cost", "currency", "price_status", "price_ref", "cache_status",
    ];

    private static readonly string Sqlite = $"SELECT {string.Join(", ", Columns)} FROM ledger";

    /// <summary>As SQLite has the values.</summary>
    private static readonly string Postgres = $"SELECT {string.Join(", ", Columns.Select(static name => name switch
    {
        "operation_id" or "cost" => $"{name}::text AS {name}",
        "stream" => "stream::int::bigint AS stream",
        "attempt" or "status" => $"{name}::bigint AS {name}",
        _ when name.EndsWith("_at", StringComparison.Ordinal) => $"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS {name}",
        _ => name,
    }))} FROM ledger";

    /// <summary>By operation id, else the latest of that request id within <see cref="LookBack"/>; null where there is none.</summary>
    /// <exception cref="PostgresUnavailableException">It is not in the data folder, and PostgreSQL does not answer.</exception>
    public static async Task<ExchangeView?> FindAsync(SqliteDatabase database, PostgresDatabase? shared, string id, DateTimeOffset now, CancellationToken cancellation)
    {
        if (Find(database, id, now) is { } waiting)
        {
            return waiting;
        }

        return shared is { IsConfigured: true } ? await FindAsync(shared, id, now, cancellation) : null;
    }

    private static ExchangeView? Find(SqliteDatabase database, string id, DateTimeOffset now)
    {
        using var connection = database.OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = $"{Sqlite} WHERE operation_id = $id ORDER BY attempt";
        command.Parameters.AddWithValue("$id", id.ToLowerInvariant());
        if (Read(command) is { } exact)
        {
            return exact;
        }

        command.CommandText = $"""
            {Sqlite} WHERE operation_id =
              (SELECT operation_id FROM ledger WHERE started_at >= $since AND request_id = $id ORDER BY started_at DESC LIMIT 1)
            ORDER BY attempt
            """;
        command.Parameters["$id"].Value = id;
        command.Parameters.AddWithValue("$since", (now - LookBack).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        return Read(command);
    }

    private static async Task<ExchangeView?> FindAsync(PostgresDatabase shared, string id, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await shared.OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            if (Guid.TryParseExact(id, "D", out var operation))
            {
                command.CommandText = $"{Postgres} WHERE operation_id = @operation ORDER BY attempt";
                command.Parameters.AddWithValue("operation", operation);
                if (Read(command) is { } exact)
                {
                    return exact;
                }
            }

            command.CommandText = $"""
                {Postgres} WHERE started_at >= @since AND operation_id =
                  (SELECT operation_id FROM ledger WHERE started_at >= @since AND request_id = @id ORDER BY started_at DESC LIMIT 1)
                ORDER BY attempt
                """;
            command.Parameters.Clear();
            command.Parameters.AddWithValue("id", id);
            command.Parameters.AddWithValue("since", (now - LookBack).UtcDateTime);
            return Read(command);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && PostgresUnavailableException.IsOutage(error))
        {
            throw shared.Failed(error);
        }
    }

    private static ExchangeView? Read(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        ExchangeView? exchange = null;
        var attempts = new List<AttemptView>();
        while (reader.Read())
        {
            var row = new Row(reader);
            attempts.Add(Attempt(row));
            exchange ??= new ExchangeView(
                row.Text("request_id"), row.Text("operation_id")!, row.Text("tenant"), row.Text("project"), row.Text("key_id"), null,
                row.Text("endpoint")!, row.Number("stream") == 1, row.Text("route"), row.Text("model_asked"), null, null, null,
                row.Time("started_at")!.Value, null, null, null, new ExchangeCacheView(row.Text("cache_status")!, null), null, attempts, Note);
        }

        return exchange is null ? null : exchange with { FinishedAt = attempts.Max(attempt => attempt.FinishedAt) };
    }

    private static AttemptView Attempt(Row row)
    {
        var error = row.Text("error_class");
        return new AttemptView(
            (int)row.Number("attempt")!, row.Text("cause")!, row.Text("deployment"), null, (int?)row.Number("status"),
            error switch { null => "succeeded", "cancelled" => "cancelled", _ => "failed" }, error, null, row.Text("finish_reason"), row.Text("model_answered"),
            row.Time("started_at")!.Value, row.Time("first_event_at"), row.Time("finished_at"),
            row.Number("input_tokens") is null && row.Number("output_tokens") is null ? null : new AttemptUsageView(
                row.Number("input_tokens"), row.Number("cached_input_tokens"), row.Number("cache_write_tokens"), row.Number("output_tokens"), row.Number("reasoning_tokens")),
            row.Text("usage_source")!, row.Text("cost") is { } cost ? new MoneyView(cost, row.Text("currency")!) : null, row.Text("price_status")!, row.Text("price_ref"));
    }

    private readonly struct Row(DbDataReader reader)
    {
        public string? Text(string name) => reader.GetOrdinal(name) is var column && reader.IsDBNull(column) ? null : reader.GetString(column);

        public long? Number(string name) => reader.GetOrdinal(name) is var column && reader.IsDBNull(column) ? null : reader.GetInt64(column);

        public DateTime? Time(string name) => Text(name) is { } text
            ? DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal)
            : null;
    }
}

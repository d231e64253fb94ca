using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Reports;
using LlmGateway.Storage;
using LlmGateway.Tests.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Reports;

/// <summary>A row as a report sees it; written to a real ledger, and added up by tests on their own.</summary>
internal sealed record BookedRow
{
    public string Operation { get; init; } = Guid.CreateVersion7().ToString();

    public int Attempt { get; init; } = 1;

    public string? Tenant { get; init; } = "acme";

    public string? Project { get; init; }

    public string? Deployment { get; init; }

    public string? Provider { get; init; }

    public string? User { get; init; }

    public string? ModelAsked { get; init; } = "chat";

    public string? ModelAnswered { get; init; }

    public string Tags { get; init; } = "{}";

    public string StartedAt { get; init; } = "2026-11-23T12:00:00.000000Z";

    public string? ErrorClass { get; init; }

    public long? Input { get; init; }

    public long? CachedInput { get; init; }

    public long? CacheWrite { get; init; }

    public long? Output { get; init; }

    public long? Reasoning { get; init; }

    public string UsageSource { get; init; } = "measured";

    public string? Currency { get; init; }

    public decimal? Cost { get; init; }

    /// <summary>Null as in a row of the version before.</summary>
    public CostSplit? Parts { get; init; }

    /// <summary>Null as in a row of the version before.</summary>
    public decimal? CacheSaving { get; init; }

    public string CacheStatus { get; init; } = "off";

    /// <summary><c>cache</c> for an answer that no provider was asked for: then <see cref="CacheSaving"/> is what it saved.</summary>
    public string Cause { get; init; } = "primary";

    public (long InputTokens, long OutputTokens, long Milliseconds)? Saved { get; init; }
}

/// <summary>Books rows and reads reports of them.</summary>
internal sealed class ReportRig : IDisposable
{
    public static readonly FakeTimeProvider Time = new(LedgerRig.Noon);

    private readonly LedgerRig _ledger = new();

    public SqliteDatabase Database => _ledger.Database;

    public void Book(params IEnumerable<BookedRow> rows)
    {
        using var connection = Database.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO ledger (operation_id, attempt, cause, tenant, project, deployment, provider, user_id, tags, dialect, endpoint, model_asked, model_answered, stream,
              started_at, finished_at, error_class, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, usage_source, currency, cost, cost_parts, cache_saving, price_status, cache_status, units, node, schema)
            VALUES ($operation, $attempt, $cause, $tenant, $project, $deployment, $provider, $user, $tags, 'openai', 'chat.completions', $asked, $answered, 0,
              $started, $started, $error, $input, $cached, $written, $output, $reasoning, $source, $currency, $cost, $parts, $saving, $status, $cache, $units, 'n', 1)
            """;
        foreach (var row in rows)
        {
            command.Parameters.Clear();
            foreach (var (name, value) in new (string, object?)[]
            {
                ("$operation", row.Operation), ("$attempt", row.Attempt), ("$tenant", row.Tenant), ("$user", row.User), ("$tags", row.Tags),
                ("$asked", row.ModelAsked), ("$answered", row.ModelAnswered), ("$started", row.StartedAt), ("$error", row.ErrorClass),
                ("$input", row.Input), ("$output", row.Output), ("$source", row.UsageSource), ("$currency", row.Currency),
                ("$cost", row.Cost?.ToString("F9", CultureInfo.InvariantCulture)), ("$status", row.Cost is null ? "unpriced" : "priced"),
                ("$project", row.Project), ("$deployment", row.Deployment), ("$provider", row.Provider),
                ("$cached", row.CachedInput), ("$written", row.CacheWrite), ("$reasoning", row.Reasoning),
                ("$parts", row.Parts is { } parts ? $"[{parts.Input},{parts.CachedInput},{parts.CacheWrite},{parts.Output},{parts.Other}]" : null),
                ("$saving", row.CacheSaving?.ToString("F9", CultureInfo.InvariantCulture)), ("$cache", row.CacheStatus), ("$cause", row.Cause),
                ("$units", row.Saved is { } saved
                    ? $$"""{"saved_input_tokens":{{saved.InputTokens}},"saved_output_tokens":{{saved.OutputTokens}},"saved_ms":{{saved.Milliseconds}}}"""
                    : null),
            })
            {
                command.Parameters.Add(new SqliteParameter(name, value ?? DBNull.Value));
            }

            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Clear() => _ledger.Execute("DELETE FROM ledger");

    public static UsageQuery Query(params (string Name, string Value)[] parameters) =>
        UsageQueryReader.Read(parameters.GroupBy(parameter => parameter.Name)
            .Select(group => KeyValuePair.Create(group.Key, (IReadOnlyList<string>)[.. group.Select(parameter => parameter.Value)])), Time);

    /// <param name="rates">To convert by, where the query asks for a currency.</param>
    public async Task<JsonElement> JsonAsync(UsageQuery query, ExchangeRates? rates = null)
    {
        await using var reading = await OpenAsync(query, rates);
        using var stream = new MemoryStream();
        await UsageJson.WriteAsync(PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)), query, reading, default);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    public async Task<string> CsvTextAsync(UsageQuery query, ExchangeRates? rates = null)
    {
        await using var reading = await OpenAsync(query, rates);
        using var stream = new AsyncOnlyStream();
        await UsageCsv.WriteAsync(stream, query, reading, default);
        return Encoding.UTF8.GetString(stream.Written.ToArray());
    }

    public async Task<List<string[]>> CsvAsync(UsageQuery query, ExchangeRates? rates = null) => Rfc4180.Parse(await CsvTextAsync(query, rates));

    private Task<UsageReading> OpenAsync(UsageQuery query, ExchangeRates? rates) => new UsageLedger(Database, postgres: null).OpenAsync(query, rates ?? ExchangeRates.None, default);

    public void Dispose() => _ledger.Dispose();

    /// <summary>Like Kestrel's body: whoever writes synchronously is wrong.</summary>
    private sealed class AsyncOnlyStream : Stream
    {
        public MemoryStream Written { get; } = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Written.WriteAsync(buffer, offset, count, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Written.WriteAsync(buffer, cancellationToken);
    }
}

/// <summary>A reader of CSV that owes nothing to the writer under test.</summary>
internal static class Rfc4180
{
    public static List<string[]> Parse(string text)
    {
        var (rows, row, field, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            if (quoted && text[at] == '"' && at + 1 < text.Length && text[at + 1] == '"')
            {
                field.Append(text[at++]);
            }
            else if (text[at] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && text[at] == ',')
            {
                row.Add(field.ToString());
                field.Clear();
            }
            else if (!quoted && text[at] == '\r' && text[at + 1] == '\n')
            {
                at++;
                rows.Add([.. row, field.ToString()]);
                row.Clear();
                field.Clear();
            }
            else
            {
                field.Append(text[at]);
            }
        }

        Assert.Equal(0, field.Length + row.Count);
        return rows;
    }
}

using System.Data.Common;
using System.Globalization;
using LlmGateway.Ledger;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>Finds the rows of the ledger behind a difference: the largest of a provider's model in a time.</summary>
/// <param name="postgres">Null or not configured: there is none.</param>
internal sealed class DriftRows(SqliteDatabase sqlite, PostgresDatabase? postgres)
{
    private const int Most = 20;

    private const string Columns =
        "operation_id, attempt, request_id, started_at, deployment, usage_source, COALESCE(input_tokens, 0), COALESCE(output_tokens, 0), cost";

    private const string Where =
        "FROM ledger WHERE provider = @provider AND COALESCE(model_answered, model_asked) = @model AND started_at >= @from AND started_at < @to ORDER BY COALESCE(input_tokens, 0) + COALESCE(output_tokens, 0) DESC LIMIT 20";

    public async Task<IReadOnlyList<DriftRow>> LargestAsync(string provider, string model, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var found = new List<DriftRow>();
        await using (var local = sqlite.OpenForReading())
        await using (var command = local.CreateCommand())
        {
            Fill(command, provider, model, LedgerRange.Text(from), LedgerRange.Text(to));
            await ReadAsync(command, found, cancellation);
        }

        if (postgres is { IsConfigured: true })
        {
            await using var shared = await postgres.OpenAsync(cancellation);
            await using var command = shared.CreateCommand();
            Fill(command, provider, model, from.UtcDateTime, to.UtcDateTime);
            await ReadAsync(command, found, cancellation);
        }

        return [.. found.DistinctBy(static row => (row.OperationId, row.Attempt)).OrderByDescending(static row => row.InputTokens + row.OutputTokens).Take(Most)];
    }

    private static void Fill(DbCommand command, string provider, string model, object from, object to)
    {
        command.CommandText = $"SELECT {Columns} {Where}";
        foreach (var (name, value) in new[] { ("provider", provider), ("model", model), ("from", from), ("to", to) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
    }

    private static async Task ReadAsync(DbCommand command, List<DriftRow> found, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new DriftRow(
                Text(reader, 0)!, reader.GetInt32(1), Text(reader, 2), Text(reader, 3)!, Text(reader, 4), Text(reader, 5)!, reader.GetInt64(6), reader.GetInt64(7), Text(reader, 8)));
        }
    }

    private static string? Text(DbDataReader reader, int index) => reader.IsDBNull(index) ? null : reader.GetValue(index) switch
    {
        DateTime at => LedgerRange.Text(at.ToUniversalTime()),
        decimal amount => amount.ToString("F9", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}

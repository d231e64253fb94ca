using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Ledger;

namespace LlmGateway.Reports.Closing;

/// <summary>Counts rows of a month: the totals, and the digest over them and every row. Rows pass one by one, however many there are.</summary>
internal sealed class PeriodCount(Books books, UsageLedger usage)
{
    /// <summary>Seconds that one statement may take: the totals of a month, or the rows of a day.</summary>
    private const int MostSeconds = 600;

    private const decimal NanosPerUnit = 1_000_000_000m;

    /// <summary>Totals of rows, and how many rows there are.</summary>
    /// <param name="late">Of those that came after the close, in place of those that it has.</param>
    public Task<(IReadOnlyList<PeriodTotal> Totals, long Rows)> TotalsAsync(Period period, long lastId, bool late, CancellationToken cancellation) => books.AskAsync(
        async connection =>
        {
            await using var command = Command(connection, PeriodSql.Totals(books.Shared, late), lastId);
            Range(command, period.From, period.To);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var totals = new List<PeriodTotal>();
            var rows = 0L;
            while (await reader.ReadAsync(cancellation))
            {
                rows += reader.GetInt64(2);
                totals.Add(Total(reader));
            }

            return ((IReadOnlyList<PeriodTotal>)totals, rows);
        },
        cancellation);

    /// <summary>Totals of everything that the month has now, from the roll-ups: these stay when rows go.</summary>
    public async Task<IReadOnlyList<PeriodTotal>> SumsAsync(Period period, CancellationToken cancellation)
    {
        await using var reading = await usage.OpenAsync(new UsageQuery(period.From, period.To, [UsageGroup.Find("tenant")!], []), cancellation);
        int[] columns = [.. PeriodTotal.Figures.Select(static name => UsageColumn.All.Index().Single(column => column.Item.Name == name).Index)];
        return
        [
            .. reading.Rows.Select(row => PeriodTotal.Of(
                row.Groups[0], row.Cost?.Currency.Code, [.. columns.Select(column => row.Figures[column])], row.Cost?.AmountText)),
        ];
    }

    /// <summary>SHA-256 over the text of the totals and, where they are given, every row that the close has: day by day, in the order of their keys.</summary>
    /// <param name="rows">False where rows are gone.</param>
    public async Task<string> DigestAsync(Period period, long lastId, string totals, bool rows, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, totals);
        if (rows)
        {
            for (var day = period.From; day < period.To; day = day.AddDays(1))
            {
                await AppendDayAsync(hash, day, lastId, cancellation);
            }
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string line)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(line));
        hash.AppendData("\n"u8);
    }

    private Task<bool> AppendDayAsync(IncrementalHash hash, DateTimeOffset day, long lastId, CancellationToken cancellation) => books.AskAsync(
        async connection =>
        {
            await using var command = Command(connection, PeriodSql.Lines(books.Shared), lastId);
            Range(command, day, day.AddDays(1));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                Append(hash, reader.GetString(0));
            }

            return true;
        },
        cancellation);

    private PeriodTotal Total(DbDataReader reader)
    {
        var figures = new long[PeriodTotal.Figures.Count];
        for (var index = 0; index < figures.Length; index++)
        {
            figures[index] = reader.GetInt64(3 + index);
        }

        var at = 3 + figures.Length;
        decimal? cost = reader.IsDBNull(at) ? null : books.Shared ? reader.GetDecimal(at) : reader.GetInt64(at) + (reader.GetInt64(at + 1) / NanosPerUnit);
        var currency = reader.IsDBNull(1) ? null : reader.GetString(1);
        return PeriodTotal.Of(
            reader.IsDBNull(0) ? null : reader.GetString(0), currency, figures, cost is { } amount && currency is not null ? new Money(amount, new Currency(currency)).AmountText : null);
    }

    private DbCommand Command(DbConnection connection, string sql, long lastId)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = MostSeconds;
        if (!books.Shared)
        {
            Add(command, "last", lastId);
        }

        return command;
    }

    private void Range(DbCommand command, DateTimeOffset from, DateTimeOffset to)
    {
        Add(command, "from", books.Shared ? from.UtcDateTime : LedgerRange.Text(from));
        Add(command, "to", books.Shared ? to.UtcDateTime : LedgerRange.Text(to));
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = "@" + name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}

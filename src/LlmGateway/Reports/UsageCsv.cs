using System.Globalization;
using CsvHelper;

namespace LlmGateway.Reports;

/// <summary>
/// The report as CSV (RFC 4180): one row for a group and currency (where it was converted, the one that was booked), with the figures of the attempts that were billed in it, and one without a
/// currency for those that have no cost. So every column adds up to the ledger's total; nothing is counted in two rows.
/// </summary>
internal static class UsageCsv
{
    // Its own guard against formulas is off: it would also mark negative numbers.
    internal static readonly CsvWriterOptions Rfc4180 = new()
    {
        NewLine = "\r\n",
        NullValue = "",
        Injection = CsvInjection.None,
        FormatProvider = CultureInfo.InvariantCulture,
    };

    public static async Task WriteAsync(Stream output, UsageQuery query, UsageReading reading, CancellationToken cancellationToken)
    {
        await using var csv = CsvWriter.Create(output, Rfc4180, leaveOpen: true);
        foreach (var name in query.Groups.Select(group => group.Name).Concat(UsageColumn.All.Select(column => column.Name)))
        {
            csv.WriteField(Harmless(name));
        }

        csv.WriteField("cost");
        csv.WriteField("currency");
        csv.WriteField("cache_saving");
        csv.WriteField("answers_saved");
        if (reading.Conversion is not null)
        {
            csv.WriteField("booked_cost");
            csv.WriteField("booked_currency");
            csv.WriteField("rate");
            csv.WriteField("rate_source");
        }

        await csv.EndRecordAsync(cancellationToken);
        foreach (var row in reading.Rows)
        {
            Write(csv, row);
            if (reading.Conversion is { } conversion)
            {
                csv.WriteField(row.Booked?.Cost.AmountText);
                csv.WriteField(row.Booked?.Cost.Currency.Code);
                csv.WriteField(UsageJson.RateText(row.Booked?.Rate));
                csv.WriteField(Harmless(row.Booked is null ? null : conversion.Source));
            }

            await csv.EndRecordAsync(cancellationToken);
        }
    }

    private static void Write(CsvWriter csv, UsageRow row)
    {
        foreach (var group in row.Groups)
        {
            csv.WriteField(Harmless(group));
        }

        foreach (var figure in row.Figures)
        {
            csv.WriteField(figure, default);
        }

        csv.WriteField(row.Cost?.AmountText);
        csv.WriteField(Harmless(row.Cost?.Currency.Code));
        csv.WriteField(row.CacheSaving?.AmountText);
        csv.WriteField(row.AnswersSaved?.AmountText);
    }

    // Callers choose tags and users, and a spreadsheet runs a cell that begins like a formula.
    internal static string? Harmless(string? text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
}

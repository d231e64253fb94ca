using System.Globalization;
using CsvHelper;

namespace LlmGateway.Reports.Focus;

/// <summary>The export as CSV (RFC 4180): plain decimals, instants as <c>2026-11-01T00:00:00Z</c>, nothing between the commas for what is null.</summary>
internal static class FocusCsv
{
    /// <param name="bom">For spreadsheets that take a file without it for one of their own encodings.</param>
    public static async Task WriteAsync(Stream output, FocusReading reading, bool bom, CancellationToken cancellation)
    {
        if (bom)
        {
            await output.WriteAsync(new byte[] { 0xEF, 0xBB, 0xBF }, cancellation);
        }

        await using var csv = CsvWriter.Create(output, UsageCsv.Rfc4180, leaveOpen: true);
        foreach (var column in FocusColumn.All)
        {
            csv.WriteField(column.Name);
        }

        await csv.EndRecordAsync(cancellation);
        await foreach (var charge in reading.ChargesAsync(cancellation))
        {
            foreach (var column in FocusColumn.All)
            {
                csv.WriteField(TextOf(column, charge));
            }

            await csv.EndRecordAsync(cancellation);
        }
    }

    private static string? TextOf(FocusColumn column, FocusCharge charge)
    {
        if (column.Text is { } text)
        {
            return UsageCsv.Harmless(text(charge));
        }

        return column.Time is { } time
            ? time(charge).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : column.Number!(charge)?.ToString(column.IsCost ? "F9" : null, CultureInfo.InvariantCulture);
    }
}

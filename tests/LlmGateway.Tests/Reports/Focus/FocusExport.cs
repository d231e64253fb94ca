using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace LlmGateway.Tests.Reports.Focus;

/// <summary>An export as whoever gets it reads it: columns, and rows of texts, in which null is null.</summary>
internal sealed record FocusExport(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyDictionary<string, string?>> Rows)
{
    public decimal Sum(string column, string currency) =>
        Rows.Where(row => row["BillingCurrency"] == currency).Sum(row => decimal.Parse(row[column]!, CultureInfo.InvariantCulture));

    public static FocusExport OfCsv(byte[] content)
    {
        var records = Rfc4180.Parse(Encoding.UTF8.GetString(content));
        return new FocusExport(records[0], [.. records.Skip(1).Select(record => Row(records[0], record.Select(static cell => cell.Length == 0 ? null : cell)))]);
    }

    public static async Task<FocusExport> OfParquetAsync(byte[] content)
    {
        await using var parquet = await ParquetReader.CreateAsync(new MemoryStream(content));
        var (fields, rows) = (parquet.Schema.DataFields, new List<IReadOnlyDictionary<string, string?>>());
        foreach (var group in parquet.RowGroups)
        {
            var columns = new List<string?[]>();
            foreach (var field in fields)
            {
                columns.Add(await TextsAsync(group, field));
            }

            rows.AddRange(Enumerable.Range(0, (int)group.RowCount).Select(row => Row([.. fields.Select(static field => field.Name)], columns.Select(column => column[row]))));
        }

        return new FocusExport([.. fields.Select(static field => field.Name)], rows);
    }

    /// <summary>The same figures, whatever zeros they end in.</summary>
    public FocusExport Plain() => this with
    {
        Rows = [.. Rows.Select(static row => (IReadOnlyDictionary<string, string?>)row.ToDictionary(
            static cell => cell.Key,
            static cell => decimal.TryParse(cell.Value, CultureInfo.InvariantCulture, out var number) ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture) : cell.Value))],
    };

    private static async Task<string?[]> TextsAsync(ParquetRowGroupReader group, DataField field)
    {
        var rows = (int)group.RowCount;
        if (field is DateTimeDataField { IsAdjustedToUTC: true })
        {
            var times = new DateTime[rows];
            await group.ReadAsync<DateTime>(field, times.AsMemory());
            return [.. times.Select(static time => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))];
        }

        if (field is DecimalDataField { IsNullable: true })
        {
            var numbers = new decimal?[rows];
            await group.ReadAsync<decimal>(field, numbers.AsMemory());
            return [.. numbers.Select(static number => number?.ToString(CultureInfo.InvariantCulture))];
        }

        if (field is DecimalDataField)
        {
            var amounts = new decimal[rows];
            await group.ReadAsync<decimal>(field, amounts.AsMemory());
            return [.. amounts.Select(static amount => amount.ToString(CultureInfo.InvariantCulture))];
        }

        var texts = new string?[rows];
        await group.ReadAsync(field, texts.AsMemory()!);
        return texts;
    }

    private static Dictionary<string, string?> Row(IReadOnlyList<string> columns, IEnumerable<string?> values) =>
        columns.Zip(values).ToDictionary(static cell => cell.First, static cell => cell.Second);
}

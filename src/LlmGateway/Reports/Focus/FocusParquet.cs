using Parquet;
using Parquet.Schema;

namespace LlmGateway.Reports.Focus;

/// <summary>
/// The export as Parquet: amounts and quantities as decimals, instants as timestamps of UTC. Rows are gathered to groups, each of which is written and
/// forgotten, so that memory does not grow with the export.
/// </summary>
internal static class FocusParquet
{
    /// <summary>Rows of a group. Readers want them large, memory wants them small: this many are some 8 MB while they are gathered.</summary>
    private const int RowsPerGroup = 10_000;

    private const int Precision = 38;
    private const int PriceDecimals = 18;

    private static readonly ParquetSchema Schema = new([.. FocusColumn.All.Select(FieldOf)]);

    private static readonly ParquetOptions Options = new() { CompressionMethod = CompressionMethod.Snappy };

    public static async Task WriteAsync(Stream output, FocusReading reading, CancellationToken cancellation)
    {
        await using var sink = new ParquetSink(output);
        await using (var parquet = await ParquetWriter.CreateAsync(Schema, sink, Options, cancellationToken: cancellation))
        {
            IFocusCells[] columns = [.. FocusColumn.All.Select(CellsOf)];
            var rows = 0;
            await foreach (var charge in reading.ChargesAsync(cancellation))
            {
                foreach (var column in columns)
                {
                    column.Set(rows, charge);
                }

                if (++rows == RowsPerGroup)
                {
                    await WriteAsync(parquet, columns, rows, sink, cancellation);
                    rows = 0;
                }
            }

            await WriteAsync(parquet, columns, rows, sink, cancellation);
        }

        await sink.PassOnAsync(cancellation);
    }

    private static async Task WriteAsync(ParquetWriter parquet, IFocusCells[] columns, int rows, ParquetSink sink, CancellationToken cancellation)
    {
        if (rows == 0)
        {
            return;
        }

        using (var group = parquet.CreateRowGroup())
        {
            for (var index = 0; index < columns.Length; index++)
            {
                await columns[index].WriteAsync(group, Schema.DataFields[index], rows, cancellation);
                await sink.PassOnAsync(cancellation);
            }
        }

        await sink.PassOnAsync(cancellation);
    }

    private static DataField FieldOf(FocusColumn column) => column switch
    {
        { IsCost: true } => new DecimalDataField(column.Name, Precision, Catalog.Money.Decimals, isNullable: false),
        { Number: not null } => new DecimalDataField(column.Name, Precision, PriceDecimals, isNullable: true),
        { Time: not null } => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: false),
        _ => new DataField(column.Name, typeof(string), isNullable: true),
    };

    private static IFocusCells CellsOf(FocusColumn column) => column switch
    {
        { IsCost: true } => new CostCells(RowsPerGroup, column.Number!),
        { Number: { } number } => new NumberCells(RowsPerGroup, number),
        { Time: { } time } => new TimeCells(RowsPerGroup, time),
        _ => new TextCells(RowsPerGroup, column.Text!),
    };
}

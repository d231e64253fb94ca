using Parquet;
using Parquet.Schema;

namespace LlmGateway.Reports.Focus;

/// <summary>A column's values of a group of rows; used again for the next group.</summary>
internal interface IFocusCells
{
    void Set(int row, FocusCharge charge);

    Task WriteAsync(ParquetRowGroupWriter group, DataField field, int rows, CancellationToken cancellation);
}

internal sealed class TextCells(int rows, Func<FocusCharge, string?> value) : IFocusCells
{
    private readonly string?[] _values = new string?[rows];

    public void Set(int row, FocusCharge charge) => _values[row] = value(charge);

    public Task WriteAsync(ParquetRowGroupWriter group, DataField field, int rows, CancellationToken cancellation) =>
        group.WriteAsync(field, new ArraySegment<string>(_values!, 0, rows), null);
}

internal sealed class CostCells(int rows, Func<FocusCharge, decimal?> value) : IFocusCells
{
    private readonly decimal[] _values = new decimal[rows];

    public void Set(int row, FocusCharge charge) => _values[row] = value(charge)!.Value;

    public Task WriteAsync(ParquetRowGroupWriter group, DataField field, int rows, CancellationToken cancellation) =>
        group.WriteAsync<decimal>(field, _values.AsMemory(0, rows), cancellationToken: cancellation);
}

internal sealed class NumberCells(int rows, Func<FocusCharge, decimal?> value) : IFocusCells
{
    private readonly decimal?[] _values = new decimal?[rows];

    public void Set(int row, FocusCharge charge) => _values[row] = value(charge);

    public Task WriteAsync(ParquetRowGroupWriter group, DataField field, int rows, CancellationToken cancellation) =>
        group.WriteAsync<decimal>(field, _values.AsMemory(0, rows), cancellationToken: cancellation);
}

internal sealed class TimeCells(int rows, Func<FocusCharge, DateTimeOffset> value) : IFocusCells
{
    private readonly DateTime[] _values = new DateTime[rows];

    public void Set(int row, FocusCharge charge) => _values[row] = value(charge).UtcDateTime;

    public Task WriteAsync(ParquetRowGroupWriter group, DataField field, int rows, CancellationToken cancellation) =>
        group.WriteAsync<DateTime>(field, _values.AsMemory(0, rows), cancellationToken: cancellation);
}

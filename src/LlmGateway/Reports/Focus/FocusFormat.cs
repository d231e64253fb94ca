namespace LlmGateway.Reports.Focus;

/// <summary>How an export is written.</summary>
internal sealed record FocusFormat(string Name, string ContentType)
{
    public static readonly FocusFormat Csv = new("csv", "text/csv; charset=utf-8");

    public static readonly FocusFormat Parquet = new("parquet", "application/vnd.apache.parquet");

    /// <exception cref="UsageQueryException">There is no such format.</exception>
    public static FocusFormat Of(string? name) => name switch
    {
        null or "" or "csv" => Csv,
        "parquet" => Parquet,
        _ => throw new UsageQueryException("format", $"format: '{name}' is unknown: allowed are csv, parquet"),
    };

    /// <param name="bom">Of CSV alone.</param>
    public Task WriteAsync(Stream output, FocusReading reading, bool bom, CancellationToken cancellation) =>
        this == Parquet ? FocusParquet.WriteAsync(output, reading, cancellation) : FocusCsv.WriteAsync(output, reading, bom, cancellation);
}

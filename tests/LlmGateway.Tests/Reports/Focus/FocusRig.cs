using LlmGateway.Reports.Focus;

namespace LlmGateway.Tests.Reports.Focus;

/// <summary>Books rows and exports them.</summary>
internal sealed class FocusRig : IDisposable
{
    public static readonly Dictionary<string, FocusProvider> Providers = new() { ["eu"] = new FocusProvider("acme-labs", "eu-west-1") };

    public ReportRig Ledger { get; } = new();

    public static FocusQuery Query(params (string Name, string Value)[] parameters) =>
        FocusQueryReader.Read(
            parameters.GroupBy(static parameter => parameter.Name)
                .Select(static group => KeyValuePair.Create(group.Key, (IReadOnlyList<string>)[.. group.Select(static parameter => parameter.Value)])),
            ReportRig.Time);

    public async Task<(byte[] Content, string? Warning)> BytesAsync(FocusQuery query, string format, bool bom = false)
    {
        await using var reading = await new FocusLedger(Ledger.Database, postgres: null).OpenAsync(query, Providers, default);
        using var stream = new MemoryStream();
        await FocusFormat.Of(format).WriteAsync(stream, reading, bom, default);
        return (stream.ToArray(), reading.Warning);
    }

    public async Task<FocusExport> ExportAsync(FocusQuery query, string format)
    {
        var (content, _) = await BytesAsync(query, format);
        return format == "csv" ? FocusExport.OfCsv(content) : await FocusExport.OfParquetAsync(content);
    }

    public void Dispose() => Ledger.Dispose();
}

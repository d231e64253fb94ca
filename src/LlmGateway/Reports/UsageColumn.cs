using LlmGateway.Ledger;

namespace LlmGateway.Reports;

/// <summary>A figure of the usage report by its name, which is also its column. Every one adds up over any grouping.</summary>
internal sealed record UsageColumn(string Name)
{
    /// <summary>In the order of the report.</summary>
    public static readonly IReadOnlyList<UsageColumn> All = [.. LedgerSums.Figures.Select(static figure => new UsageColumn(figure.Name))];
}

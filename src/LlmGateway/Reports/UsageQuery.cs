using LlmGateway.Catalog;
using LlmGateway.Ledger;

namespace LlmGateway.Reports;

/// <summary>What a usage report is asked for. The interval is half-open and counts an attempt where it started.</summary>
/// <param name="In">Convert all money to this currency; null to leave each in its own.</param>
internal sealed record UsageQuery(
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<UsageGroup> Groups,
    IReadOnlyList<UsageFilter> Filters,
    Currency? In = null)
{
    /// <summary>What is added up, besides money.</summary>
    public IReadOnlyList<(string Name, string Sql)> Figures { get; init; } = LedgerSums.Figures;

    /// <summary>How many amounts are added up, of those of <see cref="LedgerSums.PostgresAmounts"/>: the cost and its corrections, or all.</summary>
    public int Amounts { get; init; } = LedgerSums.PostgresAmounts.Count;

    public LedgerRange Range => new(From, To);

    /// <summary>The roll-ups by the hour cannot answer it.</summary>
    public bool NeedsRows => Groups.Any(static group => group.NeedsRows) || Filters.Any(static filter => filter.Group.NeedsRows);

    /// <summary>From when on it needs rows of the ledger; null where it needs none.</summary>
    public DateTimeOffset? FirstRow => NeedsRows || !Range.HasWholeHours || From < Range.First ? From : Range.Last < To ? Range.Last : null;
}

/// <summary>Keeps rows whose value is one of these.</summary>
internal sealed record UsageFilter(UsageGroup Group, IReadOnlyList<string> Values);

/// <summary>A report that cannot be made as asked for.</summary>
/// <param name="parameter">Which parameter is at fault.</param>
/// <param name="message">What is wrong with it and what is allowed.</param>
internal sealed class UsageQueryException(string parameter, string message) : Exception(message)
{
    public string Parameter { get; } = parameter;
}

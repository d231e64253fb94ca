using LlmGateway.Catalog;

namespace LlmGateway.Gateway;

/// <summary>What the ledger knows of the past, for limits and budgets that a restart must not forget.</summary>
internal interface ISpendHistory
{
    /// <summary>Sums of the ledger by time and currency.</summary>
    ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellation);
}

/// <summary>Which rows count. Null is any.</summary>
/// <param name="Route">Name of the route.</param>
/// <param name="Tag">Only rows that carry it.</param>
/// <param name="From">Included.</param>
/// <param name="To">Excluded.</param>
/// <param name="Fine">By ten minutes; else by hours.</param>
internal sealed record SpendQuery(
    string Tenant, string? Project, string? KeyId, string? Route, BudgetTag? Tag, DateTimeOffset From, DateTimeOffset To, bool Fine);

/// <summary>The rows that began in one hour or ten minutes, of one currency.</summary>
/// <param name="Bucket">When that time began.</param>
/// <param name="Currency">Null for rows without a cost.</param>
/// <param name="Nanos">Cost, in 1e-9 of a unit.</param>
/// <param name="Requests">Exchanges, each counted with its first attempt.</param>
internal sealed record SpendEntry(DateTimeOffset Bucket, Currency? Currency, long Nanos, long Requests, long InputTokens, long OutputTokens);

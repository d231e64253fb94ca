using LlmGateway.Catalog;

namespace LlmGateway.Gateway;

/// <summary>What the ledger knows of money that was spent: for budgets at a start, and to see whether what they count is still true.</summary>
internal interface ISpendHistory
{
    /// <summary>
    /// What rows of this process are called, where the ledger tells nodes apart: it then has all of these, and of other nodes those that they
    /// have sent so far. Null where there are only rows of this node.
    /// </summary>
    string? Node => null;

    /// <summary>Sums of the rows that the query names, by time and currency; times without rows are left out. In the order of time.</summary>
    /// <exception cref="SpendHistoryException">The ledger cannot say at the moment. What it would leave out must not be taken for unspent.</exception>
    ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellationToken);
}

/// <summary>Which rows are added up. The interval is half-open and counts an attempt where it started; null does not narrow.</summary>
/// <param name="KeyId">The id of a key, not its name.</param>
/// <param name="Fine">In steps of ten minutes, in place of hours.</param>
/// <param name="ByNode">Each node by itself, where the ledger tells them apart.</param>
internal sealed record SpendQuery(
    string Tenant, string? Project, string? KeyId, string? Route, BudgetTag? Tag, DateTimeOffset From, DateTimeOffset To, bool Fine, bool ByNode = false);

/// <summary>A sum of rows.</summary>
/// <param name="Bucket">Start of the UTC hour, or of its ten minutes.</param>
/// <param name="Currency">Null for attempts without a cost.</param>
/// <param name="Nanos">Cost in 1e-9 of the currency; 0 for what has none.</param>
/// <param name="Requests">Operations: each is counted with its first attempt.</param>
/// <param name="Node">Whose, where that was asked for.</param>
internal readonly record struct SpendEntry(
    DateTimeOffset Bucket, Currency? Currency, long Nanos, long Requests, long InputTokens, long OutputTokens, string? Node = null);

/// <summary>The ledger does not answer, or not in time.</summary>
internal sealed class SpendHistoryException(string message, Exception? inner = null) : Exception(message, inner);

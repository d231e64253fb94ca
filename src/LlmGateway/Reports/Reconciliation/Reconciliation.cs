namespace LlmGateway.Reports.Reconciliation;

/// <summary>What came of holding an export against the ledger.</summary>
/// <param name="From">Start of its first day.</param>
/// <param name="To">End of its last.</param>
/// <param name="Tolerance">A share that was no difference yet.</param>
/// <param name="Records">Records of the export.</param>
/// <param name="Cells">Every model on every day, whether it differs or not.</param>
internal sealed record Reconciliation(string Provider, DateTimeOffset From, DateTimeOffset To, decimal Tolerance, int Records, IReadOnlyList<Drift> Cells)
{
    /// <summary>Those beyond the tolerance.</summary>
    public IEnumerable<Drift> Drifts => Cells.Where(static cell => cell.Cause is not DriftCause.None);
}

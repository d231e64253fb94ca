namespace LlmGateway.Reports.Closing;

/// <summary>A close as it is kept.</summary>
/// <param name="ClosedAt">From then on rows of the month are late.</param>
/// <param name="Forced">It was closed before it had ended, or while rows of it were under way.</param>
/// <param name="LastId">In SQLite, the last row that it has.</param>
/// <param name="Checked"><c>rows</c>: the digest is over totals and rows; <c>sums</c>: retention had removed rows, so it is over the totals alone.</param>
/// <param name="Rows">How many it has; null where rows were gone.</param>
/// <param name="Totals">As <see cref="PeriodTotal.Write"/> writes them.</param>
/// <param name="Digest">Null while the close is not complete.</param>
internal sealed record ClosedPeriod(
    Period Period, string ClosedAt, string ClosedBy, bool Forced, long LastId, string? Checked, long? Rows, string? Totals, string? Digest)
{
    public const string ByRows = "rows";
    public const string BySums = "sums";

    public bool IsComplete => Digest is not null;
}

/// <summary>What a look at the ledger says of a close.</summary>
/// <param name="Intact">Totals and digest come out as they were.</param>
/// <param name="Checked">By what: see <see cref="ClosedPeriod.Checked"/>.</param>
/// <param name="LateRows">Rows that came after the close; null where retention has removed rows, and only sums are left.</param>
/// <param name="Late">Their sums.</param>
internal sealed record PeriodCheck(bool Intact, string Checked, long? LateRows, IReadOnlyList<PeriodTotal> Late);

/// <summary>What came of closing: the close, or why there is none.</summary>
internal sealed record CloseResult(ClosedPeriod? Closed, string? Code = null, string? Problem = null);

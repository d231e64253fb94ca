namespace LlmGateway.Reports.Reconciliation;

/// <summary>A model on a day, as the ledger and as the provider have it.</summary>
/// <param name="Ledger">Null where it has nothing of it.</param>
/// <param name="Export">Null where the provider has nothing of it.</param>
/// <param name="Share">How far the provider's figure is from the ledger's, as a share of the larger: of the cost where both tell it, else of the tokens, else of the requests.</param>
/// <param name="Cause">The likely reason.</param>
/// <param name="Explanation">In a sentence.</param>
/// <param name="Rows">Rows of the ledger behind it: the largest.</param>
internal sealed record Drift(
    string Day, string Model, string Currency, Figures? Ledger, Figures? Export, decimal Share, DriftCause Cause, string? Explanation, IReadOnlyList<DriftRow> Rows);

/// <summary>A row of the ledger behind a difference.</summary>
internal sealed record DriftRow(string OperationId, int Attempt, string? RequestId, string StartedAt, string? Deployment, string UsageSource, long InputTokens, long OutputTokens, string? Cost);

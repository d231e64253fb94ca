using LlmGateway.Reports.Closing;

namespace LlmGateway.Admin.Closing;

/// <summary>A correction. Its row of the ledger is <c>operation_id</c> with <c>number</c> as its attempt.</summary>
/// <param name="Kind"><c>correction</c>, or <c>rerating</c> for one of those that a re-rating booked.</param>
/// <param name="Period">The month that it corrects; it counts in the one of <paramref name="BookedAt"/>.</param>
internal sealed record CorrectionView(
    string Reference,
    long Number,
    string Kind,
    string Period,
    string? Tenant,
    string? Project,
    string? KeyId,
    string? Deployment,
    MoneyView Amount,
    string Reason,
    string BookedAt,
    string BookedBy,
    string OperationId)
{
    public static CorrectionView Of(CorrectionEntry entry) => new(
        entry.Reference, entry.Number, entry.Kind, entry.Period, entry.Tenant, entry.Project, entry.KeyId, entry.Deployment,
        new MoneyView(entry.Amount, entry.Currency), entry.Reason, entry.BookedAt, entry.BookedBy, entry.OperationId);
}

/// <summary>Corrections in the order of booking.</summary>
/// <param name="NextCursor">Ask with it for the next page; null at the end.</param>
internal sealed record CorrectionPage(IReadOnlyList<CorrectionView> Data, bool HasMore, string? NextCursor);

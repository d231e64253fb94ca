using LlmGateway.Catalog;

namespace LlmGateway.Reports.Closing;

/// <summary>A correction that is to be booked.</summary>
/// <param name="Corrects">The month that it is about; it is booked in the open one.</param>
/// <param name="Provider">Of the deployment.</param>
/// <param name="Amount">Signed: below 0 it gives back.</param>
internal sealed record CorrectionLine(
    Period Corrects, string? Tenant, string? Project, string? KeyId, string? Deployment, string? Provider, Money Amount, string Reason);

/// <summary>A correction that was booked.</summary>
/// <param name="Sequence">Order of booking.</param>
/// <param name="Number">Within its reference, from 1.</param>
/// <param name="Kind">See <see cref="BookingKind"/>.</param>
/// <param name="OperationId">With the number as attempt, its row of the ledger.</param>
/// <param name="Amount">With nine decimals.</param>
internal sealed record CorrectionEntry(
    long Sequence,
    string Reference,
    long Number,
    string Kind,
    string OperationId,
    string Period,
    string? Tenant,
    string? Project,
    string? KeyId,
    string? Deployment,
    string Currency,
    string Amount,
    string Reason,
    string BookedAt,
    string BookedBy);

/// <summary>What a reference stands for.</summary>
internal static class BookingKind
{
    public const string Correction = "correction";
    public const string Rerating = "rerating";
}

/// <summary>What was booked under a reference.</summary>
/// <param name="Request">What was asked for, as text that is the same for the same request.</param>
/// <param name="Answer">What was answered, where that is more than the corrections.</param>
internal sealed record Booking(string Reference, string Kind, string Request, string? Answer, string BookedAt, string BookedBy);

/// <summary>What is to be booked under a reference.</summary>
/// <param name="Ratings">How many re-ratings the lines take into account; another that came meanwhile makes them wrong. Null where that does not matter.</param>
internal sealed record BookingDraft(string Reference, string Kind, string Request, string? Answer, IReadOnlyList<CorrectionLine> Lines, int? Ratings = null);

/// <summary>What came of booking.</summary>
internal enum BookingChange
{
    Booked,

    /// <summary>The same was booked before, and nothing was now.</summary>
    Repeated,

    /// <summary>The reference stands for something else.</summary>
    ReferenceTaken,

    /// <summary>The current month is closed already.</summary>
    NoOpenPeriod,

    /// <summary>Another re-rating was booked meanwhile.</summary>
    Overtaken,
}

/// <summary>What is booked under the reference now; null where nothing is.</summary>
internal sealed record BookingResult(BookingChange Change, Booking? Booking);

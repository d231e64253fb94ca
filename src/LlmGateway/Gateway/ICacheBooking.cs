using LlmGateway.Catalog;

namespace LlmGateway.Gateway;

/// <summary>Books an answer that was not asked of a provider: a cache had it, or another request was asking at the time.</summary>
internal interface ICacheBooking
{
    /// <summary>
    /// Writes the row of the exchange, with its <see cref="Exchange.CacheResult"/>: cause <c>cache</c>, cost 0. When it returns the row survives the end
    /// of this process; the database has it later. False when the ledger can take no more.
    /// </summary>
    /// <param name="given">The client has it already: it is booked wherever there is room for it, however the database is.</param>
    bool Book(Exchange exchange, in CachedAnswer answer, bool given = false);
}

/// <summary>An answer that was there already, as the ledger books it.</summary>
/// <param name="Deployment">Who gave it first.</param>
/// <param name="Provider">Of that deployment.</param>
/// <param name="ModelAnswered">As the provider spelt it; null when it did not say.</param>
/// <param name="FinishReason">As the provider spelt it; null where there are several, or none.</param>
/// <param name="InputTokens">What the provider counted for it then, and does not now.</param>
/// <param name="OutputTokens"><inheritdoc cref="InputTokens" path="/node()"/></param>
/// <param name="Saved">What it cost then, and does not now; null where that was not known.</param>
/// <param name="SavedTime">How much longer the provider took then.</param>
internal readonly record struct CachedAnswer(
    string Deployment, string Provider, string? ModelAnswered, string? FinishReason, long InputTokens, long OutputTokens, Money? Saved, TimeSpan SavedTime);

using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Ledger;

/// <summary>The append-only book: one row an attempt.</summary>
internal interface ILedger
{
    /// <summary>Rows reach the database. While they do not, no attempt begins.</summary>
    bool Healthy { get; }

    /// <summary>Why it is not healthy, and what to do; null while it is.</summary>
    string? Problem { get; }

    /// <summary>Writes the intent of an attempt, which a killed process leaves behind; null when the ledger can take no more.</summary>
    IIntent? Begin(Exchange exchange, Attempt attempt);

    /// <summary>
    /// Writes the settlement beside the intent and waits for the row's commit, at most <see cref="LedgerOptions.MaxWait"/>: from then on
    /// the slot keeps it until the database takes it. Once an attempt.
    /// </summary>
    /// <param name="cache">What caches had to do with its exchange.</param>
    ValueTask SettleAsync(Attempt attempt, CacheResult cache);
}

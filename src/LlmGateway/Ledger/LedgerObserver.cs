using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Ledger;

/// <summary>Books each attempt: its intent before the first byte goes out, its settlement before the client sees the end.</summary>
internal sealed class LedgerObserver(ILedger ledger) : IAttemptObserver
{
    private static readonly GatewayError Unavailable = new(
        StatusCodes.Status503ServiceUnavailable,
        "server_error",
        "ledger_unavailable",
        "The gateway cannot book requests at the moment, so it sends none. Try again in a few seconds; if this lasts, tell the operator: /readyz says what is wrong, most likely with the disk of its data folder.",
        Fault.Gateway)
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    /// <inheritdoc/>
    public GatewayError? Starting(Exchange exchange, Attempt attempt)
    {
        attempt.Intent = ledger.Begin(exchange, attempt);
        return attempt.Intent is null ? Unavailable : null;
    }

    /// <inheritdoc/>
    public ValueTask EndedAsync(Exchange exchange, Attempt attempt) => ledger.SettleAsync(attempt, exchange.CacheResult);
}

using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Ledger;

/// <summary>What of a row's intent is not the exchange's: an attempt's, or that of an answer which no attempt was needed for.</summary>
/// <param name="Billed">Should the gateway die before the settlement, the tokens of the input are estimated.</param>
/// <param name="PriceName">Where their price is found then.</param>
internal readonly record struct IntentSubject(
    int Number, AttemptCause Cause, DateTimeOffset StartedAt, string Deployment, string Provider, bool Billed, string PriceName)
{
    public static IntentSubject Of(Attempt attempt) => new(
        attempt.Number, attempt.Cause, attempt.StartedAt, attempt.Deployment.Name, attempt.Deployment.Provider.Name, Billed: true, attempt.Deployment.PriceName);

    public static IntentSubject Of(Exchange exchange, in CachedAnswer answer) =>
        new(exchange.TakeNumber(), AttemptCause.Cache, exchange.StartedAt, answer.Deployment, answer.Provider, Billed: false, "");
}

using LlmGateway.Catalog;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Usage;
using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>What is remembered of an attempt. The provider's own words are left out: they may quote the prompt.</summary>
/// <param name="Credential">Its name, never the key.</param>
/// <param name="Result">Null where it had not ended when the exchange did.</param>
/// <param name="Detail">Our own words for a failure that had no body.</param>
internal readonly record struct AttemptFacts(
    int Number,
    AttemptCause Cause,
    string Deployment,
    string? Credential,
    DateTimeOffset StartedAt,
    DateTimeOffset? FirstEventAt,
    DateTimeOffset? FinishedAt,
    int? Status,
    AttemptResult? Result,
    ErrorClass? Class,
    string? Detail,
    string? FinishReason,
    string? ModelAnswered,
    TokenUsage Usage,
    UsageSource UsageSource,
    Money? Cost,
    PriceStatus PriceStatus,
    string? PriceRef)
{
    public static AttemptFacts Of(Attempt attempt) => new(
        attempt.Number, attempt.Cause, attempt.Deployment.Name, attempt.Credential?.Name, attempt.StartedAt, attempt.FirstEventAt, attempt.FinishedAt,
        attempt.Status, attempt.Outcome?.Result, attempt.Outcome?.Class, attempt.Outcome?.Detail,
        attempt.FinishReason, attempt.ModelAnswered, attempt.Usage, attempt.UsageSource, attempt.Cost, attempt.PriceStatus, attempt.PriceRef);
}

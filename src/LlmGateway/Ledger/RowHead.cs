using LlmGateway.Upstream;

namespace LlmGateway.Ledger;

/// <summary>What is known of a row before it has happened, besides what its exchange knows.</summary>
/// <param name="Number">Of the attempt inside its exchange.</param>
/// <param name="PriceName">By which a restart finds its price.</param>
internal readonly record struct RowHead(int Number, AttemptCause Cause, string Deployment, string Provider, DateTimeOffset StartedAt, string? PriceName)
{
    public static RowHead Of(Attempt attempt) => new(
        attempt.Number, attempt.Cause, attempt.Deployment.Name, attempt.Deployment.Provider.Name, attempt.StartedAt, attempt.Deployment.PriceName);
}

using LlmGateway.Caching.Entries;
using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Caching;

/// <summary>What an answer came to when a provider gave it: that is what is saved when it is given again.</summary>
internal static class CachedAnswers
{
    public static CachedAnswer Of(Exchange exchange, Attempt attempt) => new(
        attempt.Deployment.Name, attempt.Deployment.Provider.Name, attempt.ModelAnswered, attempt.FinishReason, attempt.Usage.InputTokens, attempt.Usage.OutputTokens, attempt.Cost,
        (attempt.FinishedAt ?? exchange.Time.GetUtcNow()) - attempt.StartedAt);

    public static CachedAnswer Of(CacheEntry entry) => new(
        entry.Deployment, ProviderOf(entry.Deployment), entry.ModelAnswered, null, entry.InputTokens, entry.OutputTokens, entry.Cost, entry.Took);

    /// <summary>The name of a deployment begins with its provider's.</summary>
    private static string ProviderOf(string deployment) => deployment.IndexOf('/') is > 0 and var slash ? deployment[..slash] : deployment;
}

using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Caching.Semantic;

/// <summary>Whether a request may be answered by meaning at all.</summary>
internal static class SemanticEligibility
{
    private static readonly string[] TextReasons =
        ["", "no_text", "too_short", "too_long", "time_sensitive", "personal", "personal_data", "code"];

    /// <summary>A word for why not, by its shape; null where it may.</summary>
    public static string? WhyNot(EndpointKind endpoint, in CacheabilityFacts facts, SemanticSettings settings) =>
        endpoint is not EndpointKind.ChatCompletions ? "endpoint"
        : facts.HasTools ? "tools"
        : facts.HasMedia ? "media"
        : facts.Choices > 1 ? "choices"
        : facts.DependsOnState || facts.Stored ? "state"
        : facts.DependsOnSearch ? "search"
        : facts.UserTurns > settings.MaxTurns ? "turns"
        : !facts.EndsWithUserText ? "no_user_text"
        : null;

    /// <summary>A word for why not, by its text; null where it may.</summary>
    public static string? WhyNot(TextFacts facts) => Exclusions.Of(facts) is not ExclusionReason.None and var reason ? TextReasons[(int)reason] : null;
}

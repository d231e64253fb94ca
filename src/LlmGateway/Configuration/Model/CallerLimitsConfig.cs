using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>How much callers may use in a time. A minute is any sixty seconds, a day any twenty-four hours.</summary>
internal record RateLimitsConfig
{
    [Setting("Requests a minute.", Min = "1")]
    public long? RequestsPerMinute { get; init; }

    [Setting("Tokens a minute, input and output.", Min = "1")]
    public long? TokensPerMinute { get; init; }

    [Setting("Input tokens a minute.", Min = "1")]
    public long? InputTokensPerMinute { get; init; }

    [Setting("Output tokens a minute.", Min = "1")]
    public long? OutputTokensPerMinute { get; init; }

    [Setting("Requests in flight.", Min = "1")]
    public int? Concurrent { get; init; }

    [Setting("Requests a day.", Min = "1")]
    public long? RequestsPerDay { get; init; }

    [Setting("Tokens a day, input and output.", Min = "1")]
    public long? TokensPerDay { get; init; }
}

/// <summary>The same, for all requests and for those to a route.</summary>
internal sealed record CallerLimitsConfig : RateLimitsConfig
{
    [Setting("Limits of requests to one route, by its name.")]
    public IReadOnlyDictionary<string, RateLimitsConfig> Routes { get; init; } = new Dictionary<string, RateLimitsConfig>();
}

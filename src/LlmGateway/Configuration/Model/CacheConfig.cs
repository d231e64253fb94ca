using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>Answers that are kept for repeats.</summary>
internal sealed record CacheConfig
{
    [Setting("Answers to the very same request, or off.")]
    [OrWord("off")]
    [NotEnforced("nothing is cached; write off")]
    public ExactCacheConfig? Exact { get; init; }

    [Setting("Answers to a request that means the same.")]
    public SemanticCacheConfig Semantic { get; init; } = new();
}

/// <summary>Answers to the very same request.</summary>
internal sealed record ExactCacheConfig
{
    [Setting("How long an answer is kept.", Min = "1s", Max = "365d")]
    public TimeSpan Ttl { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>Answers to a request that means the same.</summary>
internal sealed record SemanticCacheConfig
{
    [Setting("Not at all, only counting what would have been found, or in earnest.")]
    [NotEnforced("nothing is cached; write off", Except = "off")]
    public SemanticMode Mode { get; init; } = SemanticMode.Off;
}

/// <summary>How far the semantic cache goes.</summary>
internal enum SemanticMode
{
    Off,
    Shadow,
    On,
}

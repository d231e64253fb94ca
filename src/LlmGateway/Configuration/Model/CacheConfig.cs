using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>Answers of a route that are kept for repeats.</summary>
internal sealed record CacheConfig
{
    [Setting("Answers to the very same request, or off.")]
    [OrWord("off")]
    public ExactCacheConfig? Exact { get; init; }

    [Setting("Whether requests that are the same, and come while the first is being answered, get that answer. Left out: where exact is on.")]
    public bool? Coalesce { get; init; }

    [Setting("Part of what answers are kept under: another number, and none of those that were kept before is found.", Min = "0")]
    public long Generation { get; init; }

    [Setting("Answers to a request that means the same.")]
    public SemanticCacheConfig Semantic { get; init; } = new();
}

/// <summary>Answers to the very same request.</summary>
internal sealed record ExactCacheConfig
{
    [Setting("How long an answer is kept.", Min = "1s", Max = "365d")]
    public TimeSpan Ttl { get; init; } = TimeSpan.FromHours(1);

    [Setting("How long after that it may still be served while it is asked for anew; 0s for not at all.", Min = "0s", Max = "1d")]
    public TimeSpan Stale { get; init; } = TimeSpan.Zero;

    [Setting("Who shares answers: the keys of a tenant, of a project, or nobody but the key itself.")]
    public CacheScope Scope { get; init; } = CacheScope.Tenant;

    [Setting("Largest answer that is kept.", Min = "1KB", Max = "16MB")]
    public ByteSize MaxEntry { get; init; } = new(1 << 20);

    [Setting("Requests with a higher temperature are not answered from it: who asks for chance shall get it.", Min = "0", Max = "2")]
    public double MaxTemperature { get; init; } = 1;

    [Setting("Whether answers that call tools are kept.")]
    public bool Tools { get; init; }

    [Setting("Whether answers are kept that end because of their length.")]
    public bool Length { get; init; }
}

/// <summary>What all routes share of caches.</summary>
internal sealed record CacheStoreConfig
{
    [Setting("What answers may take in process, together. Takes effect at the next start.", Min = "1MB", Max = "1024GB")]
    public ByteSize Memory { get; init; } = new(256L << 20);

    [Setting("Secret of the keys that answers are kept under, as ${env:NAME} or ${file:path}: nodes that share answers need the same. Left out: made, and kept in the data folder. Takes effect at the next start.")]
    public SecretSetting? Secret { get; init; }
}

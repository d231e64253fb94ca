namespace LlmGateway.Catalog;

/// <summary>Who shares the answers of an exact cache. Never more than a tenant.</summary>
internal enum CacheScope
{
    Tenant,
    Project,
    Key,
}

/// <summary>What a route does with answers that are kept for repeats.</summary>
/// <param name="Exact">For the very same request; null where none are kept.</param>
/// <param name="Coalesce">The same request, while it is being answered, shares that answer.</param>
/// <param name="Generation">Another number, and nothing that was kept before is found.</param>
internal sealed record CacheSettings(ExactCacheSettings? Exact, bool Coalesce, long Generation)
{
    public static readonly CacheSettings Off = new(null, Coalesce: false, 0);

    /// <summary>For requests that mean the same.</summary>
    public SemanticSettings Semantic { get; init; } = SemanticSettings.Off;

    /// <summary>Nothing that needs to know requests by their like.</summary>
    public bool IsOff => Exact is null && !Coalesce;

    /// <summary>What may be shared, where answers are not kept as well.</summary>
    public ExactCacheSettings Rules => Exact ?? ExactCacheSettings.Default;
}

/// <summary>Which answers are kept, for how long, and for whom.</summary>
internal sealed record ExactCacheSettings
{
    public static readonly ExactCacheSettings Default = new();

    public TimeSpan Ttl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long after that an answer may be served while it is asked for anew; zero for not at all.</summary>
    public TimeSpan Stale { get; init; }

    public CacheScope Scope { get; init; }

    /// <summary>Largest answer, in bytes.</summary>
    public int MaxEntry { get; init; } = 1 << 20;

    /// <summary>Requests with a higher one are left aside; one that sets none counts as 1, which is what vendors take then.</summary>
    public double MaxTemperature { get; init; } = 1;

    public bool Tools { get; init; }

    /// <summary>Also answers that were cut off at their length.</summary>
    public bool Length { get; init; }
}

/// <summary>What all routes share of caches; fixed at start.</summary>
/// <param name="Memory">Bytes of answers in process.</param>
/// <param name="Secret">Of the keys that answers are kept under; null for one that is made.</param>
internal sealed record CacheStoreSettings(long Memory, Secret? Secret)
{
    public static readonly CacheStoreSettings Default = new(256L << 20, null);
}

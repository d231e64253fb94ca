using StackExchange.Redis;

namespace LlmGateway.Caching.Entries;

/// <summary>The names of the cache in Redis. Keys of entries are hashes: they tell of nobody.</summary>
internal static class SharedNames
{
    /// <summary>The key of an entry follows.</summary>
    public const string Entries = "llmg:1:cache:e:";

    /// <summary>A hash: the era, the version, the purges, the secret.</summary>
    public static readonly RedisKey Purges = "llmg:1:cache:purges";

    /// <summary>Nodes tell one another here of purges (an empty message) and of entries that were removed (their key).</summary>
    public static readonly RedisChannel Channel = RedisChannel.Literal("llmg:1:cache");
}

using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;
using StackExchange.Redis;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>
/// The names of entries in Redis: a hash for each partition, a sorted set of the partitions of an index, and the stream by which nodes tell one another.
/// Names are keyed hashes, and entries are sealed: neither tells of a tenant or of a text. A message of the stream has the fields <c>o</c> (what: a, c or r),
/// <c>n</c> the node, <c>s</c> the index, <c>i</c> the id and, of an entry, <c>e</c> and <c>c</c> its confirmation, sealed.
/// </summary>
internal static class RedisKeep
{
    /// <summary>Of everything that nodes tell.</summary>
    public static readonly RedisKey Stream = "llmg:1:cache:told";

    /// <summary>Behind the id of an entry the field that says that it is confirmed.</summary>
    public const byte ConfirmedField = (byte)'c';

    public static RedisKey Partition(PartitionKey key) => $"llmg:1:cache:m:{Convert.ToHexStringLower(key.ToArray())}";

    public static RedisKey Index(CacheKey space) => $"llmg:1:cache:i:{space}";

    public static RedisKey Answer(CacheKey key) => $"{SharedNames.Entries}{key}";

    public static byte[] Bytes(CacheKey key)
    {
        var bytes = new byte[CacheKey.Length];
        key.Write(bytes);
        return bytes;
    }

    public static byte[] Confirmed(EntryId id) => [.. id.ToArray(), ConfirmedField];
}

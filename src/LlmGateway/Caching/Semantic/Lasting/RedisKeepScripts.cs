namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>What is written of an entry, each to one key: a cluster has them on different servers.</summary>
internal static class RedisKeepScripts
{
    /// <summary>KEYS: the partition. ARGV: id, its field of confirmation, entry, confirmation or nothing, life in ms.</summary>
    public const string Put = """
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
        if ARGV[4] == '' then redis.call('HDEL', KEYS[1], ARGV[2]) else redis.call('HSET', KEYS[1], ARGV[2], ARGV[4]) end
        if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[5]) then redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
        return 1
        """;

    /// <summary>KEYS: the index. ARGV: partition, when its last entry expires, life in ms.</summary>
    public const string Name = """
        local old = redis.call('ZSCORE', KEYS[1], ARGV[1])
        if not old or tonumber(old) < tonumber(ARGV[2]) then redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1]) end
        if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
        return 1
        """;

    /// <summary>KEYS: the partition. ARGV: id, its field of confirmation, confirmation. Returns 0 where the entry is not there.</summary>
    public const string Confirm = """
        if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
        return 1
        """;
}

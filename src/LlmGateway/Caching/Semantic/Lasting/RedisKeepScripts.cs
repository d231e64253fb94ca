namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>
/// What is written of an entry in one step: where it is kept, and what is told of it. A message has the fields <c>o</c> (a, c or r), <c>n</c> the node,
/// <c>s</c> the index, <c>i</c> the id and, of an entry, <c>e</c> and <c>c</c>, sealed.
/// </summary>
internal static class RedisKeepScripts
{
    /// <summary>
    /// KEYS: the answer, the partition, the index, the stream. ARGV: id, its field of confirmation, entry, confirmation or nothing, life in ms, partition,
    /// most messages, node, index. Returns 0 where the answer is not there: who has no answer has no use for the question.
    /// </summary>
    public const string Add = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        local life = tonumber(ARGV[5])
        redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
        if ARGV[4] == '' then redis.call('HDEL', KEYS[2], ARGV[2]) else redis.call('HSET', KEYS[2], ARGV[2], ARGV[4]) end
        if redis.call('PTTL', KEYS[2]) < life then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
        local time = redis.call('TIME')
        local till = time[1] * 1000 + math.floor(time[2] / 1000) + life
        local old = redis.call('ZSCORE', KEYS[3], ARGV[6])
        if not old or tonumber(old) < till then redis.call('ZADD', KEYS[3], string.format('%.0f', till), ARGV[6]) end
        if redis.call('PTTL', KEYS[3]) < life then redis.call('PEXPIRE', KEYS[3], ARGV[5]) end
        redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[7], '*', 'o', 'a', 'n', ARGV[8], 's', ARGV[9], 'i', ARGV[1], 'e', ARGV[3], 'c', ARGV[4])
        return 1
        """;

    /// <summary>KEYS: the partition, the stream. ARGV: id, its field of confirmation, confirmation, most messages, node, index.</summary>
    public const string Confirm = """
        if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
        redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
        redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], '*', 'o', 'c', 'n', ARGV[5], 's', ARGV[6], 'i', ARGV[1], 'c', ARGV[3])
        return 1
        """;

    /// <summary>KEYS: the partition, the stream. ARGV: id, its field of confirmation, most messages, node, index.</summary>
    public const string Remove = """
        redis.call('HDEL', KEYS[1], ARGV[1], ARGV[2])
        redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'o', 'r', 'n', ARGV[4], 's', ARGV[5], 'i', ARGV[1])
        return 1
        """;
}

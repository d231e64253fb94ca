namespace LlmGateway.Caching.Entries;

/// <summary>
/// Brings the list of purges of a node and that of Redis together, and adds purges to it, in one step. Where Redis has lost its list, or the end of it, it gets
/// that back from the first node that has it; where no node has it, a new era begins, and entries of the old one are not served.
/// </summary>
internal static class PurgeScript
{
    /// <summary>
    /// ARGV: an era to begin where there is none; the era known, or nothing; the version known; the longest life of an entry in ms; the most purges; the
    /// field of a purge of everything; a secret to agree on, or nothing; the count of purges known; a field and a value for each; the fields of new
    /// purges. Returns the hash.
    /// </summary>
    public const string Text = """
        local hash = KEYS[1]
        local function number(value) return string.format('%.0f', value) end
        local function parts(value)
          local version, at = string.match(value, '^(%d+) (%d+)$')
          return tonumber(version or 0), tonumber(at or 0)
        end
        local era = redis.call('HGET', hash, 'era')
        if not era then
          era = ARGV[2] ~= '' and ARGV[2] or ARGV[1]
          redis.call('HSET', hash, 'era', era)
        end
        local version = tonumber(redis.call('HGET', hash, 'version') or '0')
        local first = 9 + 2 * tonumber(ARGV[8])
        if era == ARGV[2] then
          version = math.max(version, tonumber(ARGV[3]))
          for i = 9, first - 1, 2 do
            local old = redis.call('HGET', hash, ARGV[i])
            if not old or parts(old) < parts(ARGV[i + 1]) then
              redis.call('HSET', hash, ARGV[i], ARGV[i + 1])
            end
          end
        end
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        for i = first, #ARGV do
          version = version + 1
          redis.call('HSET', hash, ARGV[i], number(version) .. ' ' .. number(now))
        end
        redis.call('HSET', hash, 'version', number(version))
        if ARGV[7] ~= '' then redis.call('HSETNX', hash, 'secret', ARGV[7]) end
        local all, kept = redis.call('HGETALL', hash), {}
        for i = 1, #all, 2 do
          if string.sub(all[i], 1, 2) == 'p:' then
            local number, at = parts(all[i + 1])
            if now - at > tonumber(ARGV[4]) then
              redis.call('HDEL', hash, all[i])
            else
              kept[#kept + 1] = { field = all[i], version = number, value = all[i + 1] }
            end
          end
        end
        local most = tonumber(ARGV[5])
        if #kept > most then
          table.sort(kept, function(a, b) return a.version > b.version end)
          local half = math.floor(most / 2)
          for i = half + 1, #kept do redis.call('HDEL', hash, kept[i].field) end
          local old = redis.call('HGET', hash, ARGV[6])
          if not old or parts(old) < kept[half + 1].version then
            redis.call('HSET', hash, ARGV[6], kept[half + 1].value)
          end
        end
        return redis.call('HGETALL', hash)
        """;
}

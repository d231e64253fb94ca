using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// Gives back what nodes held that died. Two steps, so that each names all keys that it works on, as a cluster wants it: which leases have
/// ended and what they hold; then the end of each, if it still has ended.
/// </summary>
internal sealed class ExpiredHolds(RedisLink link, ILogger<ExpiredHolds> logger)
{
    private const int MostAtOnce = 64;
    private const int FieldsPerLine = 4;

    /// <summary>Gives back a bounded number. True when some had ended, and Redis gave an answer: there is room then, whoever made it.</summary>
    public async ValueTask<bool> GiveBackAsync(string tenant)
    {
        var leases = RedisNames.Leases(tenant);
        if (await link.CallLaterAsync(RedisScript.Expired, [leases], [MostAtOnce]) is not { } result || (string[]?)result is not { Length: > 0 } ids)
        {
            return false;
        }

        var keys = Array.ConvertAll(ids, id => RedisNames.Reservation(tenant, id));
        if (await link.GetAsync(keys) is not { } held)
        {
            return false;
        }

        var ended = await Task.WhenAll(ids.Select((id, i) => EndAsync(leases, keys[i], id, (string?)held[i])));
        var count = ended.Count(static done => done);
        if (count > 0)
        {
            logger.LeasesEnded(count, tenant);
        }

        // Who else was at it at the same time has given them back then.
        return true;
    }

    private async Task<bool> EndAsync(RedisKey leases, RedisKey key, string id, string? held)
    {
        // Kind, account, place, amount; the last field is followed by a separator too.
        var fields = held?.Split(RedisNames.Separator) ?? [];
        var keys = new List<RedisKey> { leases, key };
        for (var i = 0; i + FieldsPerLine <= fields.Length; i += FieldsPerLine)
        {
            keys.Add(fields[i + 1]);
        }

        // Accounts are named as keys only: nothing is taken.
        var into = ArgumentWriter.Begin();
        into.Add(id);
        into.Add("expire");
        into.Add(0);
        into.Add();
        into.Add(keys.Count - 2);
        var (all, arguments) = ScriptCall.Combine([new ScriptCall([.. keys], into.ToArray())]);
        return await link.CallLaterAsync(RedisScript.Settle, all, arguments) is { } result && (string?)result != "0";
    }
}

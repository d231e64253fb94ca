using System.Security.Cryptography;
using StackExchange.Redis;

namespace LlmGateway.Caching.Entries;

/// <summary>Keeps the purges of this node and those of Redis the same.</summary>
internal sealed class SharedPurges(
    SharedLink link, Purges purges, CacheSecret secret, EntryStoreOptions options, CacheStoreMetrics metrics, ILogger<SharedPurges> logger)
{
    private static readonly RedisValue[] VersionFields = ["era", "version"];
    private static readonly string EverythingField = SharedPurgeState.PurgeField + PurgeFilter.Everything.Write();

    // One at a time, so that an older answer never comes after a newer one.
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Asks what the last purge is, as part of another call to Redis.</summary>
    public static Task<RedisValue[]> AskAsync(IDatabase database) => database.HashGetAsync(SharedNames.Purges, VersionFields);

    /// <summary>Whether the node knows all that Redis had.</summary>
    public bool Knows(RedisValue[] asked) =>
        SharedPurgeState.ReadEra(asked[0]) == purges.Current.Era && purges.Current.Era != 0 && SharedPurgeState.ReadVersion(asked[1]) <= purges.Current.Version;

    /// <summary>Whether Redis has all that the node knows from it, too.</summary>
    private bool IsSame(RedisValue[] asked) =>
        SharedPurgeState.ReadEra(asked[0]) == purges.Current.Era && purges.Current.Era != 0 && SharedPurgeState.ReadVersion(asked[1]) == purges.Current.Version;

    /// <summary>Looks whether there are purges that the node has not heard of, and tells of those that Redis has not.</summary>
    public async Task PollAsync()
    {
        if (purges.Current.Local.Length > 0)
        {
            await PushAsync();
            return;
        }

        var (answered, asked) = await link.TryAsync(static connection => AskAsync(connection.GetDatabase()));
        if (answered && !IsSame(asked!))
        {
            await LearnAsync(asked!);
        }
    }

    /// <summary>Learns the list anew, unless it was meanwhile.</summary>
    /// <returns>Whether the node knows at least what was asked.</returns>
    public async Task<bool> LearnAsync(RedisValue[] asked)
    {
        await _one.WaitAsync();
        try
        {
            return IsSame(asked) || await SyncAsync([]);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Tells Redis, and through it the other nodes, of the purges of this node.</summary>
    /// <returns>Whether it has all that there were at the call.</returns>
    public async Task<bool> PushAsync()
    {
        await _one.WaitAsync();
        try
        {
            var local = purges.Current.Local;
            if (local.Length == 0)
            {
                return true;
            }

            if (!await SyncAsync(local))
            {
                metrics.PurgePending();
                return false;
            }

            await link.TryAsync(static connection => connection.GetSubscriber().PublishAsync(SharedNames.Channel, RedisValue.EmptyString));
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<bool> SyncAsync(Purge[] told)
    {
        var arguments = Arguments(told);
        var (answered, hash) = await link.TryAsync(
            connection => connection.GetDatabase().ScriptEvaluateAsync(PurgeScript.Text, [SharedNames.Purges], arguments));
        if (!answered || (RedisValue[]?)hash is not { } fields || SharedPurgeState.Read(fields) is not { } state)
        {
            return false;
        }

        if (purges.Current.Era is var era && era != 0 && era != state.Era)
        {
            logger.CacheBeginsAnew();
        }

        secret.Agree(state.Secret);
        purges.Learn(state, told);
        return true;
    }

    private RedisValue[] Arguments(Purge[] told)
    {
        var known = purges.Current;
        List<RedisValue> arguments =
        [
            SharedPurgeState.WriteEra(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1),
            known.Era == 0 ? RedisValue.EmptyString : SharedPurgeState.WriteEra(known.Era),
            known.Version,
            (long)options.LongestTtl.TotalMilliseconds,
            options.MostPurges,
            EverythingField,
            secret.Proposal,
            known.Shared.Length,
        ];
        foreach (var purge in known.Shared)
        {
            arguments.Add(SharedPurgeState.PurgeField + purge.Filter.Write());
            arguments.Add(SharedPurgeState.WriteValue(purge));
        }

        // The oldest first, as they get their numbers.
        for (var i = told.Length - 1; i >= 0; i--)
        {
            arguments.Add(SharedPurgeState.PurgeField + told[i].Filter.Write());
        }

        return [.. arguments];
    }
}

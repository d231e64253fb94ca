namespace LlmGateway.Caching.Entries;

/// <summary>The list of purges of this node: what it was told itself, and what it knows from Redis.</summary>
internal sealed class Purges(EntryStoreOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile PurgeList _current = PurgeList.Empty;

    public PurgeList Current => _current;

    /// <summary>From the return of this on, the purge holds on this node.</summary>
    public void Add(PurgeFilter filter)
    {
        lock (_gate)
        {
            var old = _current;
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var purge = new Purge(filter, old.LocalVersion + 1, now);
            Purge[] local =
            [
                purge,
                .. old.Local.Where(other => !filter.Covers(other.Filter) && now - other.At <= (long)options.LongestTtl.TotalMilliseconds),
            ];
            _current = Of(old.Era, old.Version, old.Shared, purge.Version, Bound(local, options.MostPurges));
        }
    }

    /// <summary>Begins with what the node knew when it ended.</summary>
    public void Restore(PurgeList known)
    {
        lock (_gate)
        {
            _current = known;
        }
    }

    /// <summary>Learns what Redis has.</summary>
    /// <param name="told">Purges of this node that it has by now.</param>
    public void Learn(SharedPurgeState state, Purge[] told)
    {
        lock (_gate)
        {
            var old = _current;
            if (state.Era != old.Era || state.Version > old.Version || told.Length > 0)
            {
                _current = Of(state.Era, state.Version, state.Purges, old.LocalVersion, [.. old.Local.Where(purge => !told.Contains(purge))]);
            }
        }
    }

    /// <summary>Of too many the older half becomes one of everything: no purge is forgotten, and entries that are older go with it.</summary>
    private static Purge[] Bound(Purge[] purges, int most)
    {
        if (purges.Length <= most)
        {
            return purges;
        }

        var kept = most / 2;
        return [.. purges[..kept], purges[kept] with { Filter = PurgeFilter.Everything }];
    }

    private static PurgeList Of(ulong era, long version, Purge[] shared, long localVersion, Purge[] local) =>
        new() { Era = era, Version = version, Shared = shared, LocalVersion = localVersion, Local = local };
}

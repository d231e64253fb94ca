using System.Collections.Concurrent;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>
/// What has become of entries and was not told yet where they are kept beyond the process: the last for each, so that it is bounded by them, and what
/// could not be told is simply there still. No request waits for more than a place in a dictionary.
/// </summary>
internal sealed class SemanticChanges(LastingOptions options) : IDisposable
{
    private readonly SemaphoreSlim _urgent = new(0);
    private readonly ConcurrentDictionary<(CacheKey Space, EntryId Id), SemanticChange> _waiting = new();
    private long _dropped;

    public int Count => _waiting.Count;

    /// <summary>Entries that were learned while too many waited, and will be gone with the process.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void Tell(SemanticEntries entries, SemanticEntry entry, ChangeKind kind)
    {
        var key = (entry.Space, entry.Id);
        if (kind is ChangeKind.Add)
        {
            if (_waiting.Count >= options.MostChanges && !_waiting.ContainsKey(key))
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            _waiting[key] = new(entries, entry, kind);
            return;
        }

        if (kind is ChangeKind.Confirm or ChangeKind.Answer)
        {
            // What is to be written will say so anyway.
            _waiting.TryAdd(key, new(entries, entry, kind));
            return;
        }

        // Nobody has heard of it.
        if (!entry.IsKept && _waiting.TryGetValue(key, out var waiting) && waiting.Kind is ChangeKind.Add && _waiting.TryRemove(new(key, waiting)))
        {
            return;
        }

        _waiting.AddOrUpdate(
            key, static (_, change) => change, static (_, old, change) => old.Kind > change.Kind ? old : change, new SemanticChange(entries, entry, kind));
        if (kind is ChangeKind.Remove && _urgent.CurrentCount == 0)
        {
            _urgent.Release();
        }
    }

    /// <summary>Ends when something is to be told at once: that an answer was wrong.</summary>
    public Task UrgentAsync(CancellationToken cancellation) => _urgent.WaitAsync(cancellation);

    public void Dispose() => _urgent.Dispose();

    /// <summary>It was said to be wrong, and that was not told yet.</summary>
    public bool IsRemoved(SemanticEntry entry) => _waiting.TryGetValue((entry.Space, entry.Id), out var change) && change.Kind is ChangeKind.Remove;

    /// <summary>Takes what waits, removals first.</summary>
    public List<SemanticChange> Take(int most)
    {
        var taken = new List<SemanticChange>(Math.Min(most, _waiting.Count));
        Take(taken, most, removals: true);
        Take(taken, most, removals: false);
        return taken;
    }

    /// <summary>What could not be told waits on, unless there is something newer.</summary>
    public void Return(IEnumerable<SemanticChange> changes)
    {
        foreach (var change in changes)
        {
            _waiting.TryAdd((change.Entry.Space, change.Entry.Id), change);
        }
    }

    private void Take(List<SemanticChange> taken, int most, bool removals)
    {
        foreach (var pair in _waiting)
        {
            if (taken.Count >= most)
            {
                return;
            }

            if ((!removals || pair.Value.Kind is ChangeKind.Remove) && _waiting.TryRemove(pair))
            {
                taken.Add(pair.Value);
            }
        }
    }
}

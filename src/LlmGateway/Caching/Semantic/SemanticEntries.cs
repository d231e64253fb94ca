using System.Collections.Concurrent;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Lasting;

namespace LlmGateway.Caching.Semantic;

/// <summary>
/// The questions of one route that are found by meaning: by equality of their normalised text, or by their vectors. Always within one partition. Bounded by
/// bytes, half of them for vectors and half for what stands beside; what saves least for its size goes first.
/// </summary>
internal sealed class SemanticEntries
{
    private const int MostAnswered = 16_384;

    private readonly Lock _gate = new();
    private readonly VectorIndex _index;
    private readonly ConcurrentDictionary<EntryId, SemanticEntry> _entries = new();
    private readonly ConcurrentDictionary<(PartitionKey Partition, TextKey Text), EntryId> _equal = new();
    private readonly ConcurrentDictionary<(string Tenant, string Id), EntryId> _writers = new();
    private readonly RecentIds<EntryId> _answered = new(MostAnswered);
    private readonly SemanticChanges? _changes;
    private readonly long _mostTexts;
    private long _texts;

    /// <param name="changes">Told of what comes and goes; null where nothing is kept beyond the process.</param>
    public SemanticEntries(int dimensions, long mostBytes, SemanticChanges? changes = null)
    {
        _changes = changes;
        _mostTexts = mostBytes / 2;
        _index = new VectorIndex(dimensions, mostBytes - _mostTexts) { OnEvicted = id => Drop(id, ChangeKind.Evict), OnScored = OnScored };
    }

    public int Count => _entries.Count;

    public int Dimensions => _index.Dimensions;

    public int Partitions => _index.Partitions;

    public long Bytes => _index.Bytes + Volatile.Read(ref _texts);

    public long Evicted => _index.Evicted;

    /// <summary>In no order.</summary>
    public IEnumerable<SemanticEntry> All => _entries.Select(static pair => pair.Value);

    /// <summary>Told of each entry that is compared: tests prove by it that none is of another partition.</summary>
    public Action<EntryId>? Compared { get; set; }

    public static TextKey EqualityOf(string normalised) => VectorCache.KeyOf("", normalised);

    /// <summary>Adds an entry, in the place of one under the same exact key.</summary>
    public void Add(SemanticEntry entry, ReadOnlySpan<float> vector)
    {
        lock (_gate)
        {
            Enter(entry);
            Settle(entry, _index.Add(entry.Partition, entry.Id, vector, ValueOf(entry)));
            if (_entries.ContainsKey(entry.Id))
            {
                _changes?.Tell(this, entry, ChangeKind.Add);
            }
        }
    }

    /// <summary>
    /// Adds an entry that was learned before the start, or by another node. Of two under the same key, or with the same text, the one that lasts longer is
    /// kept, on every node the same.
    /// </summary>
    /// <returns>Whether it is here now, or one that is as good.</returns>
    public bool Take(SemanticEntry entry, StoredVector vector)
    {
        lock (_gate)
        {
            if (_changes?.IsRemoved(entry) is true)
            {
                return false;
            }

            if (_entries.TryGetValue(entry.Id, out var same) && same.ExpiresAt >= entry.ExpiresAt)
            {
                if (entry.IsConfirmed)
                {
                    same.Confirm();
                }

                return true;
            }

            if (FindOther(entry) is { } other)
            {
                if (IsBefore(entry, other))
                {
                    return false;
                }

                RemoveLocked(other.Id, ChangeKind.Evict);
            }

            entry.Kept();
            Enter(entry);
            Settle(entry, _index.Add(entry.Partition, entry.Id, vector.Encoded, ValueOf(entry)));
            return _entries.ContainsKey(entry.Id);
        }
    }

    public SemanticEntry? Find(EntryId id) => _entries.GetValueOrDefault(id);

    /// <summary>What the index holds of its vector; null where it is not there any more.</summary>
    public StoredVector? VectorOf(SemanticEntry entry) => _index.Read(entry.Id);

    /// <summary>The latest with the same text, but for what does not matter in it.</summary>
    public SemanticEntry? FindEqual(PartitionKey partition, TextKey equality)
    {
        var found = _equal.TryGetValue((partition, equality), out var id) ? _entries.GetValueOrDefault(id) : null;
        if (found is not null)
        {
            OnScored(found.Id);
        }

        return found;
    }

    /// <summary>The nearest, the nearest first.</summary>
    /// <returns>How many were found.</returns>
    public int Search(PartitionKey partition, ReadOnlySpan<float> vector, Span<(SemanticEntry Entry, float Cosine)> results, DateTimeOffset now)
    {
        Span<VectorMatch> matches = stackalloc VectorMatch[results.Length];
        var (found, count) = (_index.Search(partition, vector, matches, now), 0);
        foreach (var match in matches[..found])
        {
            // It may have gone since.
            if (_entries.TryGetValue(match.Id, out var entry))
            {
                results[count++] = (entry, match.Score);
            }
        }

        return count;
    }

    /// <summary>It has answered somebody.</summary>
    public void Served(SemanticEntry entry, SemanticAsker asker)
    {
        _index.Use(entry.Id);
        _answered.Add(asker.Tenant, asker.RequestId, asker.OperationId, entry.Id);
    }

    /// <summary>A provider's answer to somebody else has agreed with it.</summary>
    public void Confirm(SemanticEntry entry)
    {
        if (!entry.IsConfirmed)
        {
            entry.Confirm();
            lock (_gate)
            {
                if (_entries.GetValueOrDefault(entry.Id) == entry)
                {
                    _changes?.Tell(this, entry, ChangeKind.Confirm);
                }
            }
        }
    }

    /// <param name="why">Null where who told of it has seen to what is kept beyond the process.</param>
    public bool Remove(EntryId id, ChangeKind? why)
    {
        lock (_gate)
        {
            return RemoveLocked(id, why);
        }
    }

    /// <summary>Removes what answered a request of that id, first or later.</summary>
    public bool Forget(string tenant, string requestId) =>
        (_writers.TryGetValue((tenant, requestId), out var id) || _answered.TryFind(tenant, requestId, out id)) && Remove(id, ChangeKind.Remove);

    /// <summary>Gives back the memory of what has expired.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (id, entry) in _entries)
        {
            if (entry.ExpiresAt <= now)
            {
                Remove(id, ChangeKind.Evict);
            }
        }
    }

    private static EntryValue ValueOf(SemanticEntry entry) => new(entry.Saved, entry.AnswerBytes, entry.ExpiresAt);

    /// <summary>Nodes that have both must come to the same.</summary>
    private static bool IsBefore(SemanticEntry one, SemanticEntry other) =>
        one.ExpiresAt != other.ExpiresAt ? one.ExpiresAt < other.ExpiresAt : (one.Key.A, one.Key.B).CompareTo((other.Key.A, other.Key.B)) < 0;

    private SemanticEntry? FindOther(SemanticEntry entry) =>
        _equal.TryGetValue((entry.Partition, entry.Equality), out var id) && id != entry.Id ? _entries.GetValueOrDefault(id) : null;

    private void Enter(SemanticEntry entry)
    {
        // What is kept of the one before is written over.
        Drop(entry.Id, why: null);
        _entries[entry.Id] = entry;
        _equal[(entry.Partition, entry.Equality)] = entry.Id;
        _writers[(entry.Writer.Tenant, entry.Writer.RequestId)] = entry.Id;
        _writers[(entry.Writer.Tenant, entry.Writer.OperationId)] = entry.Id;
        _texts += entry.Bytes;
    }

    private void Settle(SemanticEntry entry, bool added)
    {
        if (!added)
        {
            Drop(entry.Id, ChangeKind.Evict);
        }

        while (_texts > _mostTexts && _index.EvictLowest())
        {
        }
    }

    private bool RemoveLocked(EntryId id, ChangeKind? why)
    {
        _index.Remove(id);
        return Drop(id, why);
    }

    // The index calls it from within its own lock, and only from a call that was made under this one's.
    private bool Drop(EntryId id, ChangeKind? why)
    {
        if (!_entries.TryRemove(id, out var entry))
        {
            return false;
        }

        _equal.TryRemove(new((entry.Partition, entry.Equality), id));
        _writers.TryRemove(new((entry.Writer.Tenant, entry.Writer.RequestId), id));
        _writers.TryRemove(new((entry.Writer.Tenant, entry.Writer.OperationId), id));
        _texts -= entry.Bytes;
        if (why is { } kind)
        {
            _changes?.Tell(this, entry, kind);
        }

        return true;
    }

    private void OnScored(EntryId id) => Compared?.Invoke(id);
}

using System.Collections.Concurrent;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Index;

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
    private readonly long _mostTexts;
    private long _texts;

    public SemanticEntries(int dimensions, long mostBytes)
    {
        _mostTexts = mostBytes / 2;
        _index = new VectorIndex(dimensions, mostBytes - _mostTexts) { OnEvicted = id => Drop(id), OnScored = OnScored };
    }

    public int Count => _entries.Count;

    public int Partitions => _index.Partitions;

    public long Bytes => _index.Bytes + Volatile.Read(ref _texts);

    public long Evicted => _index.Evicted;

    /// <summary>Told of each entry that is compared: tests prove by it that none is of another partition.</summary>
    public Action<EntryId>? Compared { get; set; }

    public static TextKey EqualityOf(string normalised) => VectorCache.KeyOf("", normalised);

    /// <summary>Adds an entry, in the place of one under the same exact key.</summary>
    /// <param name="saved">What a hit saves, in millionths of the base currency.</param>
    /// <param name="answerBytes">Of the answer.</param>
    public void Add(SemanticEntry entry, ReadOnlySpan<float> vector, long saved, int answerBytes)
    {
        lock (_gate)
        {
            Drop(entry.Id);
            _entries[entry.Id] = entry;
            _equal[(entry.Partition, entry.Equality)] = entry.Id;
            _writers[(entry.Writer.Tenant, entry.Writer.RequestId)] = entry.Id;
            _writers[(entry.Writer.Tenant, entry.Writer.OperationId)] = entry.Id;
            _texts += entry.Bytes;
            if (!_index.Add(entry.Partition, entry.Id, vector, new EntryValue(saved, answerBytes, entry.ExpiresAt)))
            {
                Drop(entry.Id);
            }

            while (_texts > _mostTexts && _index.EvictLowest())
            {
            }
        }
    }

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

    public bool Remove(EntryId id)
    {
        lock (_gate)
        {
            _index.Remove(id);
            return Drop(id);
        }
    }

    /// <summary>Removes what answered a request of that id, first or later.</summary>
    public bool Forget(string tenant, string requestId) =>
        (_writers.TryGetValue((tenant, requestId), out var id) || _answered.TryFind(tenant, requestId, out id)) && Remove(id);

    /// <summary>Gives back the memory of what has expired.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (id, entry) in _entries)
        {
            if (entry.ExpiresAt <= now)
            {
                Remove(id);
            }
        }
    }

    // The index calls it from within its own lock, and only from a call that was made under this one's.
    private bool Drop(EntryId id)
    {
        if (!_entries.TryRemove(id, out var entry))
        {
            return false;
        }

        _equal.TryRemove(new((entry.Partition, entry.Equality), id));
        _writers.TryRemove(new((entry.Writer.Tenant, entry.Writer.RequestId), id));
        _writers.TryRemove(new((entry.Writer.Tenant, entry.Writer.OperationId), id));
        _texts -= entry.Bytes;
        return true;
    }

    private void OnScored(EntryId id) => Compared?.Invoke(id);
}

using System.Collections.Concurrent;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>
/// Finds entries by the nearness of their vectors, within one partition. Bounded by bytes over all partitions; what saves least for its size
/// goes first. Searches take no lock, and see every entry that was added before they began; writers take one in turn.
/// </summary>
/// <param name="dimensions">Of every vector.</param>
/// <param name="mostBytes">That all of it may take.</param>
internal sealed class VectorIndex(int dimensions, long mostBytes)
{
    // The rest is for removed entries that are not compacted yet: up to an eighth of the slots of a segment.
    private readonly long _mostLive = mostBytes / 8 * 7;
    private readonly VectorCoder _coder = new(dimensions);
    private readonly ConcurrentDictionary<PartitionKey, Partition> _partitions = new();
    private readonly EntryDirectory _directory = new();
    private readonly Lock _gate = new();
    private long _bytes;
    private long _deadBytes;
    private long _evicted;
    private int _count;

    public int Dimensions => _coder.Dimensions;

    /// <summary>Taken now, room to grow and removed entries with them. Never more than the bound after a call has returned.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public int Count => Volatile.Read(ref _count);

    public int Partitions => _partitions.Count;

    /// <summary>Entries that had to go for others, ever.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    /// <summary>What an entry takes in a partition that is large: a bit and a byte for each dimension, its id, and where it is.</summary>
    public int BytesOfEntry => Segment.BytesOfSlot(_coder) + EntryDirectory.BytesOfEntry;

    /// <summary>Told of an entry that went for others, within the lock: it must be short, and must not call the index.</summary>
    public Action<EntryId>? OnEvicted { get; init; }

    /// <summary>Told of each entry whose score is computed: tests prove by it that none is of another partition.</summary>
    public Action<EntryId>? OnScored { get; init; }

    /// <summary>Adds an entry, in the place of one of the same id.</summary>
    /// <returns>False when it is not kept: its vector has no direction, or it is worth less than all others.</returns>
    /// <exception cref="ArgumentException">The vector has other dimensions than the index.</exception>
    public bool Add(PartitionKey partition, EntryId id, ReadOnlySpan<float> vector, EntryValue value)
    {
        Span<float> rotated = stackalloc float[_coder.Dimensions];
        if (!_coder.TryRotate(vector, rotated))
        {
            return false;
        }

        Span<ulong> sketch = stackalloc ulong[_coder.Words];
        Span<sbyte> codes = stackalloc sbyte[_coder.Dimensions];
        VectorCoder.Sketch(rotated, sketch);
        return Add(partition, id, new EncodedVector(sketch, codes, VectorCoder.Quantise(rotated, codes)), value);
    }

    /// <summary>As the other, of a vector that an index of the same dimensions has encoded, here or on another node.</summary>
    public bool Add(PartitionKey partition, EntryId id, in EncodedVector vector, EntryValue value)
    {
        if (vector.Codes.Length != _coder.Dimensions || vector.Sketch.Length != _coder.Words)
        {
            throw new ArgumentException($"The index holds vectors of {Dimensions} dimensions, and this one has {vector.Codes.Length}.", nameof(vector));
        }

        lock (_gate)
        {
            if (_directory.TryFind(id, out var earlier))
            {
                Remove(earlier);
            }

            if (!_partitions.TryGetValue(partition, out var found))
            {
                found = new Partition(partition, _coder, _directory);
                _partitions[partition] = found;
                _bytes += found.Bytes;
            }

            var handle = _directory.Add(id, value.Saved, (long)BytesOfEntry + Math.Max(0, value.Bytes));
            var (bytes, dead) = (found.Bytes, found.DeadBytes);
            found.Append(vector, id, value.ExpiresAt.UtcTicks, handle);
            Account(found, bytes - EntryDirectory.BytesOfEntry, dead);
            return Evict(handle);
        }
    }

    /// <summary>The entries nearest to a vector, the nearest first; at most <see cref="NearestSketches.Most"/>.</summary>
    /// <returns>How many were found.</returns>
    /// <exception cref="ArgumentException">The vector has other dimensions than the index.</exception>
    public int Search(PartitionKey partition, ReadOnlySpan<float> vector, Span<VectorMatch> results, DateTimeOffset now)
    {
        Span<float> rotated = stackalloc float[_coder.Dimensions];
        if (!_coder.TryRotate(vector, rotated) || !_partitions.TryGetValue(partition, out var found))
        {
            return 0;
        }

        Span<ulong> sketch = stackalloc ulong[_coder.Words];
        VectorCoder.Sketch(rotated, sketch);
        var nearest = new NearestSketches(stackalloc ulong[NearestSketches.Room]);
        var segments = found.Segments;
        for (var i = 0; i < segments.Length; i++)
        {
            SketchScan.Run(segments[i], i, sketch, now.UtcTicks, ref nearest);
        }

        var count = 0;
        foreach (var candidate in nearest.Found())
        {
            var (segment, slot) = NearestSketches.Place(candidate);
            var match = new VectorMatch(segments[segment].IdOf(slot), Math.Clamp(segments[segment].Score(slot, rotated), -1f, 1f));
            OnScored?.Invoke(match.Id);
            count = Insert(results, count, match);
        }

        return count;
    }

    /// <summary>Copies what the index holds of an entry's vector. Null where the entry is not there.</summary>
    public StoredVector? Read(EntryId id)
    {
        lock (_gate)
        {
            if (!_directory.TryFind(id, out var handle))
            {
                return null;
            }

            var (segment, slot) = _directory.Place(handle);
            return segment.Read(slot);
        }
    }

    /// <summary>It has answered a request: it is worth more.</summary>
    public bool Use(EntryId id)
    {
        lock (_gate)
        {
            if (!_directory.TryFind(id, out var handle))
            {
                return false;
            }

            _directory.Used(handle);
            return true;
        }
    }

    /// <summary>Evicts the entry that is least worth keeping: what stands beside the index takes too much.</summary>
    /// <returns>Whether there was one.</returns>
    public bool EvictLowest()
    {
        lock (_gate)
        {
            return EvictOne() is not null;
        }
    }

    public bool Remove(EntryId id)
    {
        lock (_gate)
        {
            if (!_directory.TryFind(id, out var handle))
            {
                return false;
            }

            Remove(handle);
            return true;
        }
    }

    /// <summary>Removes all entries of a partition.</summary>
    /// <returns>How many there were.</returns>
    public int DropPartition(PartitionKey partition)
    {
        lock (_gate)
        {
            if (!_partitions.TryRemove(partition, out var found))
            {
                return 0;
            }

            var before = _directory.Count;
            foreach (var segment in found.Segments)
            {
                for (var slot = 0; slot < segment.Count; slot++)
                {
                    if (!segment.IsRemoved(slot))
                    {
                        _directory.Remove(segment.IdOf(slot), segment.HandleOf(slot));
                    }
                }
            }

            var removed = before - _directory.Count;
            _bytes -= found.Bytes + ((long)removed * EntryDirectory.BytesOfEntry);
            _deadBytes -= found.DeadBytes;
            _count = _directory.Count;
            return removed;
        }
    }

    /// <summary>Removes what no search finds any more. A scan of all; once a minute is plenty.</summary>
    /// <returns>How many there were.</returns>
    public int RemoveExpired(DateTimeOffset now)
    {
        var removed = 0;
        foreach (var (_, partition) in _partitions)
        {
            // Not for all of them at once: others write in between.
            lock (_gate)
            {
                removed += RemoveExpired(partition, now.UtcTicks);
            }
        }

        return removed;
    }

    private static int Insert(Span<VectorMatch> results, int count, VectorMatch match)
    {
        if (count == results.Length && (count == 0 || results[^1].Score >= match.Score))
        {
            return count;
        }

        var at = count == results.Length ? count - 1 : count;
        for (; at > 0 && results[at - 1].Score < match.Score; at--)
        {
            results[at] = results[at - 1];
        }

        results[at] = match;
        return Math.Min(count + 1, results.Length);
    }

    private int RemoveExpired(Partition partition, long now)
    {
        var removed = 0;

        // Removal replaces the list and compacts: what was taken here stays as it was, but for the marks of what is removed.
        foreach (var segment in partition.Segments)
        {
            for (var slot = 0; slot < segment.Count; slot++)
            {
                if (!segment.IsRemoved(slot) && !segment.IsLive(slot, now) && _directory.TryFind(segment.IdOf(slot), out var handle))
                {
                    Remove(handle);
                    removed++;
                }
            }
        }

        return removed;
    }

    /// <returns>Whether the entry that was added is still there.</returns>
    private bool Evict(int added)
    {
        var kept = true;
        while (_bytes - _deadBytes > _mostLive && EvictOne() is { } handle)
        {
            kept &= handle != added;
        }

        return kept;
    }

    private int? EvictOne()
    {
        if (!_directory.TryLowest(out var handle))
        {
            return null;
        }

        var (segment, slot) = _directory.Place(handle);
        var id = segment.IdOf(slot);
        Remove(handle);
        _evicted++;
        OnEvicted?.Invoke(id);
        return handle;
    }

    private void Remove(int handle)
    {
        var (segment, slot) = _directory.Place(handle);
        var partition = segment.Partition;
        var (bytes, dead) = (partition.Bytes, partition.DeadBytes);
        _directory.Remove(segment.IdOf(slot), handle);
        partition.Remove(segment, slot);
        Account(partition, bytes + EntryDirectory.BytesOfEntry, dead);
        if (partition.IsEmpty)
        {
            _partitions.TryRemove(partition.Key, out _);
            _bytes -= Partition.Overhead;
        }
    }

    private void Account(Partition partition, long bytes, long dead)
    {
        Volatile.Write(ref _bytes, _bytes + partition.Bytes - bytes);
        _deadBytes += partition.DeadBytes - dead;
        Volatile.Write(ref _count, _directory.Count);
    }
}

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>
/// The entries of one <see cref="PartitionKey"/>, in arrays of their own: a search that was given this one cannot meet those of another. One
/// writer at a time; readers take <see cref="Segments"/> once, and keep to what they took.
/// </summary>
internal sealed class Partition(PartitionKey key, VectorCoder coder, EntryDirectory directory)
{
    /// <summary>The object, its list, and its place among all.</summary>
    public const int Overhead = 200;

    // One in so many slots may be of an entry that was removed, before a segment is copied without them.
    private const int DeadShare = 8;

    private Segment[] _segments = [];

    public PartitionKey Key { get; } = key;

    public Segment[] Segments => Volatile.Read(ref _segments);

    public bool IsEmpty => _segments.Length == 0;

    public long Bytes { get; private set; } = Overhead;

    /// <summary>Of <see cref="Bytes"/> what removed entries still take.</summary>
    public long DeadBytes { get; private set; }

    private int BytesOfSlot { get; } = Segment.BytesOfSlot(coder);

    public void Append(in EncodedVector vector, EntryId id, long expiry, int handle)
    {
        var segment = Writable();
        directory.Moved(handle, segment, segment.Append(vector, id, expiry, handle));
    }

    public void Remove(Segment segment, int slot)
    {
        segment.Remove(slot);
        DeadBytes += BytesOfSlot;
        if (segment.Dead * DeadShare >= segment.Count)
        {
            Compact(Array.IndexOf(_segments, segment));
        }
    }

    private Segment Writable()
    {
        if (_segments.Length == 0 || _segments[^1].Count == Segment.MostSlots)
        {
            var added = new Segment(this, coder, 1);
            Publish([.. _segments, added]);
            Bytes += added.Bytes;
            return added;
        }

        var last = _segments[^1];
        if (last.Count == last.Capacity)
        {
            // In small steps: room that is not used yet counts against the bound, and others go for it.
            var grown = new Segment(this, coder, Math.Min(Segment.MostSlots, last.Live + (last.Live / 4) + 1));
            Replace(_segments.Length - 1, 1, grown);
        }

        return _segments[^1];
    }

    /// <summary>Copies a segment to one that is just as large as it must be, with the one before it or after it where both are small.</summary>
    private void Compact(int at)
    {
        var (first, live) = (at, _segments[at].Live);
        var count = 1;
        if (at + 1 < _segments.Length && live + _segments[at + 1].Live <= Segment.MostSlots)
        {
            (count, live) = (2, live + _segments[at + 1].Live);
        }
        else if (at > 0 && live + _segments[at - 1].Live <= Segment.MostSlots)
        {
            (first, count, live) = (at - 1, 2, live + _segments[at - 1].Live);
        }

        Replace(first, count, live == 0 ? null : new Segment(this, coder, live));
    }

    private void Replace(int first, int count, Segment? by)
    {
        for (var i = first; i < first + count; i++)
        {
            by?.AppendLive(_segments[i], directory);
            Bytes -= _segments[i].Bytes;
            DeadBytes -= (long)_segments[i].Dead * BytesOfSlot;
        }

        Bytes += by?.Bytes ?? 0;
        Publish(by is null ? [.. _segments[..first], .. _segments[(first + count)..]] : [.. _segments[..first], by, .. _segments[(first + count)..]]);
    }

    private void Publish(Segment[] segments) => Volatile.Write(ref _segments, segments);
}

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>
/// Up to <see cref="MostSlots"/> entries of one partition. A slot is written once, before <see cref="Count"/> tells of it, and is never used
/// again: so searches read without a lock while one writer adds.
/// </summary>
internal sealed class Segment
{
    /// <summary>What is copied at once when a segment grows or is compacted: some tens of microseconds.</summary>
    public const int MostSlots = 512;

    // The object, its five arrays with their headers, and its place in the partition.
    private const int Overhead = 240;
    private const long Removed = long.MinValue;

    private readonly int _dimensions;
    private readonly int _words;
    private readonly sbyte[] _codes;
    private readonly float[] _scales;
    private readonly EntryId[] _ids;
    private readonly long[] _expiries;
    private readonly int[] _handles;
    private int _count;

    public Segment(Partition partition, VectorCoder coder, int capacity)
    {
        Partition = partition;
        Capacity = capacity;
        _dimensions = coder.Dimensions;
        _words = coder.Words;
        Sketches = new ulong[SketchScan.Blocks(capacity) * SketchScan.Lanes * _words];
        _codes = new sbyte[capacity * _dimensions];
        _scales = new float[capacity];
        _ids = new EntryId[capacity];
        _expiries = new long[capacity];
        _handles = new int[capacity];
        Bytes = Overhead + (Sketches.Length * sizeof(ulong)) + (capacity * (BytesOfSlot(coder) - (_words * sizeof(ulong))));
    }

    public Partition Partition { get; }

    public int Capacity { get; }

    public ulong[] Sketches { get; }

    public long Bytes { get; }

    /// <summary>Slots that were written, removed ones with them.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Slots whose entry was removed.</summary>
    public int Dead { get; private set; }

    public int Live => _count - Dead;

    public static int BytesOfSlot(VectorCoder coder) =>
        (coder.Words * sizeof(ulong)) + coder.Dimensions + sizeof(float) + EntryId.Size + sizeof(long) + sizeof(int);

    public EntryId IdOf(int slot) => _ids[slot];

    public int HandleOf(int slot) => _handles[slot];

    public bool IsLive(int slot, long now) => Volatile.Read(ref _expiries[slot]) > now;

    public bool IsRemoved(int slot) => _expiries[slot] == Removed;

    public float Score(int slot, ReadOnlySpan<float> rotated) =>
        VectorCoder.Dot(rotated, _codes.AsSpan(slot * _dimensions, _dimensions)) * _scales[slot];

    /// <returns>The slot.</returns>
    public int Append(in EncodedVector vector, EntryId id, long expiry, int handle)
    {
        var slot = _count;
        var first = (slot / SketchScan.Lanes * SketchScan.Lanes * _words) + (slot % SketchScan.Lanes);
        for (var word = 0; word < _words; word++)
        {
            Sketches[first + (word * SketchScan.Lanes)] = vector.Sketch[word];
        }

        vector.Codes.CopyTo(_codes.AsSpan(slot * _dimensions, _dimensions));
        _scales[slot] = vector.Scale;
        _ids[slot] = id;
        _expiries[slot] = expiry;
        _handles[slot] = handle;
        Volatile.Write(ref _count, slot + 1);
        return slot;
    }

    public void Remove(int slot)
    {
        Volatile.Write(ref _expiries[slot], Removed);
        Dead++;
    }

    /// <summary>Takes over what another has, without what was removed of it.</summary>
    public void AppendLive(Segment other, EntryDirectory directory)
    {
        Span<ulong> sketch = stackalloc ulong[_words];
        for (var from = 0; from < other._count; from++)
        {
            if (other.IsRemoved(from))
            {
                continue;
            }

            other.CopySketch(from, sketch);
            var codes = other._codes.AsSpan(from * _dimensions, _dimensions);
            var slot = Append(new EncodedVector(sketch, codes, other._scales[from]), other._ids[from], other._expiries[from], other._handles[from]);
            directory.Moved(_handles[slot], this, slot);
        }
    }

    /// <summary>A copy of what a slot has of its vector.</summary>
    public StoredVector Read(int slot)
    {
        var sketch = new ulong[_words];
        CopySketch(slot, sketch);
        return new StoredVector(sketch, _codes.AsSpan(slot * _dimensions, _dimensions).ToArray(), _scales[slot]);
    }

    private void CopySketch(int slot, Span<ulong> sketch)
    {
        var first = (slot / SketchScan.Lanes * SketchScan.Lanes * _words) + (slot % SketchScan.Lanes);
        for (var word = 0; word < _words; word++)
        {
            sketch[word] = Sketches[first + (word * SketchScan.Lanes)];
        }
    }
}

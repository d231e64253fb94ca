namespace LlmGateway.Caching.Semantic.Index;

/// <summary>Where each entry is, and what it is worth. Not thread-safe: the index locks.</summary>
/// <remarks>
/// Worth is what a hit saves, times how often it did, by byte (GreedyDual-Size-Frequency). It counts from the worth of what was evicted last:
/// so what was dear and is not asked for any more is overtaken with time.
/// </remarks>
internal sealed class EntryDirectory
{
    /// <summary>
    /// For each entry, beside its slot: a record of 24 bytes, its place in the order, and in a dictionary of 36; with half as much again, as
    /// all of these double when they are full.
    /// </summary>
    public const int BytesOfEntry = (24 + EvictionOrder.BytesOfEntry + 36) * 3 / 2;

    private readonly Dictionary<EntryId, int> _handles = [];
    private readonly EvictionOrder _order = new();
    private readonly Stack<int> _free = new();
    private Record[] _records = new Record[16];
    private int _used;
    private double _age;

    public int Count => _handles.Count;

    /// <param name="bytes">That the entry takes in all.</param>
    /// <returns>A number by which the entry is known until it is removed.</returns>
    public int Add(EntryId id, long saved, long bytes)
    {
        if (!_free.TryPop(out var handle))
        {
            handle = _used++;
            if (handle == _records.Length)
            {
                Array.Resize(ref _records, 2 * handle);
            }
        }

        _handles.Add(id, handle);
        _records[handle] = new Record { Worth = (double)Math.Max(0, saved) / bytes, Uses = 1 };
        _order.Add(handle, _age + _records[handle].Worth);
        return handle;
    }

    public bool TryFind(EntryId id, out int handle) => _handles.TryGetValue(id, out handle);

    public (Segment Segment, int Slot) Place(int handle) => (_records[handle].Segment!, _records[handle].Slot);

    public void Moved(int handle, Segment segment, int slot)
    {
        _records[handle].Segment = segment;
        _records[handle].Slot = slot;
    }

    public void Used(int handle)
    {
        ref var record = ref _records[handle];
        record.Uses++;
        _order.Change(handle, _age + (record.Worth * record.Uses));
    }

    /// <summary>The entry that is least worth keeping. Whatever stays ages by it.</summary>
    public bool TryLowest(out int handle)
    {
        handle = -1;
        if (_order.IsEmpty)
        {
            return false;
        }

        (handle, _age) = _order.Lowest;
        return true;
    }

    public void Remove(EntryId id, int handle)
    {
        _handles.Remove(id);
        _order.Remove(handle);
        _records[handle] = default;
        _free.Push(handle);
    }

    private struct Record
    {
        public Segment? Segment;
        public int Slot;
        public int Uses;
        public double Worth;
    }
}

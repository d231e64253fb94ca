namespace LlmGateway.Caching.Entries;

/// <summary>Entries by when they were used last, and their bytes.</summary>
internal sealed class EntryQueue(Segment segment)
{
    private LocalEntry? _newest;

    public LocalEntry? Oldest { get; private set; }

    public long Bytes { get; private set; }

    public void Add(LocalEntry entry)
    {
        entry.Segment = segment;
        entry.Older = _newest;
        entry.Newer = null;
        if (_newest is null)
        {
            Oldest = entry;
        }
        else
        {
            _newest.Newer = entry;
        }

        _newest = entry;
        Bytes += entry.Size;
    }

    public void Remove(LocalEntry entry)
    {
        if (entry.Newer is null)
        {
            _newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        if (entry.Older is null)
        {
            Oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        entry.Segment = Segment.None;
        entry.Newer = null;
        entry.Older = null;
        Bytes -= entry.Size;
    }

    public void Touch(LocalEntry entry)
    {
        if (entry != _newest)
        {
            Remove(entry);
            Add(entry);
        }
    }
}

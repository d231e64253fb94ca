using LlmGateway.Storage;

namespace LlmGateway.Ledger;

/// <summary>
/// The slots of this process, in files that are added as attempts in flight ask for them. Last freed, first given: few pages are touched.
/// </summary>
internal sealed class IntentStore(string folder, LedgerOptions options)
{
    private const string FileName = "intents";

    private readonly Lock _gate = new();
    private readonly Stack<IntentSlot> _free = new();
    private readonly List<IntentSlot> _all = [];
    private readonly List<IntentSegment> _segments = [];

    /// <summary>Slots that hold an attempt.</summary>
    public int InUse
    {
        get
        {
            lock (_gate)
            {
                return _all.Count - _free.Count;
            }
        }
    }

    /// <summary>Attempts that began within a time and are not in the database yet.</summary>
    public int StartedIn(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            return _all.Count(slot => slot.StartedAt >= from.UtcTicks && slot.StartedAt < to.UtcTicks && slot.StartedAt > 0);
        }
    }

    /// <summary>When the first of the attempts began that are not in the database yet, in UTC ticks; null where there is none.</summary>
    public long? OldestStart()
    {
        lock (_gate)
        {
            return _all.Min(static slot => slot.StartedAt is > 0 and var start ? start : (long?)null);
        }
    }

    /// <summary>Files that earlier processes left, in order.</summary>
    public static IReadOnlyList<string> Leftovers(string folder) =>
        [.. Directory.EnumerateFiles(folder, FileName + "*.bin").Order(StringComparer.Ordinal)];

    /// <summary>Makes the first file.</summary>
    /// <exception cref="StorageException">It cannot be made.</exception>
    public void Open()
    {
        try
        {
            lock (_gate)
            {
                Grow();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{PathOf(0)} cannot be made: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <summary>A free slot; null when all are taken and no more can be had.</summary>
    public IntentSlot? TryTake()
    {
        lock (_gate)
        {
            if (_free.Count == 0 && !TryGrow())
            {
                return null;
            }

            return _free.Pop();
        }
    }

    public void Return(IntentSlot slot)
    {
        lock (_gate)
        {
            _free.Push(slot);
        }
    }

    /// <summary>Ends every wait that began before that instant, and says how many.</summary>
    public int ReleaseOlder(long timestamp)
    {
        List<IntentSlot> due;
        lock (_gate)
        {
            due = [.. _all.Where(slot => slot.ClaimIfOlder(timestamp))];
        }

        // What waits goes on inside, and is not to do so under this lock.
        due.ForEach(static slot => slot.Wake());
        return due.Count;
    }

    /// <summary>Removes the files, unless a slot still holds what the next start has to settle.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_segments.TrueForAll(IsFree))
            {
                _segments.ForEach(segment => File.Delete(segment.Path));
            }
        }
    }

    private static bool IsFree(IntentSegment segment)
    {
        for (var index = 0; index < segment.Count; index++)
        {
            if (segment[index].State is not SlotState.Free)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryGrow()
    {
        if (_segments.Count == 0 || _segments.Count >= options.MaxSegments)
        {
            return false;
        }

        try
        {
            Grow();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The disk is full, most likely: no attempt without its intent. The caller answers 503.
            return false;
        }
    }

    private void Grow()
    {
        var segment = IntentSegment.Create(PathOf(_segments.Count), options.SlotsPerSegment);
        _segments.Add(segment);
        _all.EnsureCapacity(_all.Count + segment.Count);
        for (var index = segment.Count - 1; index >= 0; index--)
        {
            var slot = new IntentSlot(segment, index, this);
            _all.Add(slot);
            _free.Push(slot);
        }
    }

    private string PathOf(int number) => Path.Combine(folder, number == 0 ? FileName + ".bin" : $"{FileName}-{number}.bin");
}

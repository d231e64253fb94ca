using System.Threading.Tasks.Sources;

namespace LlmGateway.Ledger;

/// <summary>
/// A slot's life in this process: given to an attempt, settled, queued, committed, and given to the next one. It is the attempt's
/// <see cref="Gateway.IIntent"/>, the entry of the queue and what the end of the answer awaits, so that none of these is allocated.
/// </summary>
internal sealed class IntentSlot : Gateway.IIntent, IValueTaskSource
{
    private readonly IntentStore? _store;
    private readonly IntentSegment _segment;
    private ManualResetValueTaskSourceCore<bool> _committed;
    private int _released;
    private int _holders;
    private long _waitsSince;
    private long _startedAt;

    public IntentSlot(IntentSegment segment, int index, IntentStore? store = null)
    {
        _store = store;
        _segment = segment;
        Memory = segment[index];
    }

    public SlotMemory Memory { get; }

    /// <summary>The segment that must stay mapped while this slot is reachable.</summary>
    public IntentSegment Segment => _segment;

    /// <summary>Tags that are too long for the slot, for the row as it is committed; after a crash the row says that they are missing.</summary>
    public byte[]? LongTags { get; set; }

    /// <summary>When its attempt began, in UTC ticks, until its row is in the database; else 0.</summary>
    public long StartedAt
    {
        get => Volatile.Read(ref _startedAt);
        set => Volatile.Write(ref _startedAt, value);
    }

    /// <inheritdoc/>
    public void Received(long textBytes)
    {
        var memory = Memory;
        memory.Received = textBytes;
    }

    /// <summary>Begins the wait for the commit. The slot is free again when it has been committed and the wait is over, whichever is last.</summary>
    public ValueTask Wait(long timestamp)
    {
        _committed.Reset();
        _released = 0;
        _holders = 2;
        Volatile.Write(ref _waitsSince, timestamp);
        return new ValueTask(this, _committed.Version);
    }

    /// <summary>Nobody waits for the commit. The slot is free again when it has been committed.</summary>
    public void WaitForNobody()
    {
        _released = 1;
        _holders = 1;
        Volatile.Write(ref _waitsSince, 0);
    }

    /// <summary>The row is in the database.</summary>
    public void Committed()
    {
        Memory.Free();
        LongTags = null;
        StartedAt = 0;

        // What waits goes on inside SetResult, and finds the slot free once it is through: so this side lets go before, and may, since the
        // waiting side holds the slot until then.
        var waits = Claim();
        LetGo();
        if (waits)
        {
            Wake();
        }
    }

    /// <summary>True when the wait began before that instant and is to be ended by <see cref="Wake"/>, although the row is not in the database yet.</summary>
    public bool ClaimIfOlder(long timestamp)
    {
        var since = Volatile.Read(ref _waitsSince);
        return since != 0 && since <= timestamp && Claim();
    }

    /// <summary>Ends the wait. Only for the one who claimed it: what waits goes on inside this call.</summary>
    public void Wake() => _committed.SetResult(true);

    void IValueTaskSource.GetResult(short token)
    {
        _committed.GetResult(token);
        LetGo();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _committed.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _committed.OnCompleted(continuation, state, token, flags);

    /// <summary>True for the one that ends the wait.</summary>
    private bool Claim()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
        {
            return false;
        }

        Volatile.Write(ref _waitsSince, 0);
        return true;
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _store?.Return(this);
        }
    }
}

namespace LlmGateway.Caching.Sharing;

/// <summary>
/// An answer as it comes, for any number of readers. Who joins later begins at its beginning, as long as that is kept; each reads at its own pace, and
/// the fastest sets the pace of the provider. Who is too far behind is cut loose.
/// </summary>
/// <param name="pinned">It goes on without any reader.</param>
internal sealed class AnswerLog(SharingOptions options, bool pinned = false)
{
    private readonly List<AnswerReader> _readers = [];

    /// <summary>Where readers begin; null once the beginning is not kept any more.</summary>
    private AnswerPiece? _start = new(default);
    private AnswerPiece? _last;
    private TaskCompletionSource? _room;
    private long _length;
    private bool _abandoned;

    /// <summary>Called once, outside of all locks, when the last reader has left before the end.</summary>
    public Action? Abandoned { get; init; }

    /// <summary>Guards the log, its pieces and its readers.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Null until the answer begins.</summary>
    internal AnswerHead? Head { get; private set; }

    /// <summary>How it ended; <see cref="ReadState.More"/> while it has not.</summary>
    internal ReadState Ended { get; private set; } = ReadState.More;

    /// <summary>How many read it at this moment.</summary>
    public int Readers
    {
        get
        {
            lock (Gate)
            {
                return _readers.Count;
            }
        }
    }

    /// <summary>One more reader, from the beginning; null where that is not to be had any more.</summary>
    /// <param name="cut">Breaks the connection of a reader that is too far behind; called outside of all locks.</param>
    public AnswerReader? TryJoin(Action cut)
    {
        lock (Gate)
        {
            if (_abandoned || _start is null || Ended is ReadState.Broken or ReadState.Failed)
            {
                return null;
            }

            var reader = new AnswerReader(this, _start, cut);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>The answer begins.</summary>
    public void Begin(AnswerHead head)
    {
        lock (Gate)
        {
            Head = head;
            WakeAll();
        }
    }

    /// <summary>Takes the next bytes, and waits until the fastest reader has come near enough.</summary>
    public ValueTask AppendAsync(ReadOnlySpan<byte> bytes, CancellationToken cancellation)
    {
        if (bytes.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        var piece = new AnswerPiece(bytes.ToArray());
        List<AnswerReader>? late = null;
        bool waits;
        lock (Gate)
        {
            (_last ?? _start)!.Next = piece;
            _last = piece;
            _length += bytes.Length;
            if (_length > options.Prefix)
            {
                _start = null;
            }

            late = Head!.IsStream ? TakeLate() : null;
            WakeAll();
            waits = IsFull();
        }

        if (late is not null)
        {
            foreach (var reader in late)
            {
                reader.Cut();
            }

            // Of the rest one may be fast enough, or nobody may be left.
            AbandonIfAlone();
        }

        return waits ? WaitForRoomAsync(cancellation) : ValueTask.CompletedTask;
    }

    /// <summary>Nothing follows.</summary>
    public void End(ReadState how)
    {
        lock (Gate)
        {
            if (Ended is ReadState.More)
            {
                Ended = how;
                WakeAll();
            }
        }
    }

    internal void Leave(AnswerReader reader)
    {
        lock (Gate)
        {
            if (!_readers.Remove(reader))
            {
                return;
            }

            reader.HasLeft = true;
            reader.Wake();
            _room?.TrySetResult();
        }

        AbandonIfAlone();
    }

    /// <summary>A reader has come on. Under the gate.</summary>
    internal void CameOn(AnswerReader reader)
    {
        if (_room is not null && _length - reader.Position <= options.Window)
        {
            _room.TrySetResult();
        }
    }

    private void AbandonIfAlone()
    {
        lock (Gate)
        {
            if (pinned || _abandoned || _readers.Count > 0 || Ended is not ReadState.More)
            {
                return;
            }

            _abandoned = true;
        }

        Abandoned?.Invoke();
    }

    private async ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task room;
            lock (Gate)
            {
                if (!IsFull())
                {
                    _room = null;
                    return;
                }

                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(cancellation);
        }
    }

    private bool IsFull()
    {
        if (pinned || !Head!.IsStream || _length <= options.Window)
        {
            return false;
        }

        foreach (var reader in _readers)
        {
            if (_length - reader.Position <= options.Window)
            {
                return false;
            }
        }

        return _readers.Count > 0;
    }

    private List<AnswerReader>? TakeLate()
    {
        List<AnswerReader>? late = null;
        for (var i = _readers.Count - 1; i >= 0; i--)
        {
            if (_length - _readers[i].Position > options.MostBehind)
            {
                var reader = _readers[i];
                _readers.RemoveAt(i);
                reader.HasLeft = true;
                (late ??= []).Add(reader);
                reader.Wake();
            }
        }

        return late;
    }

    private void WakeAll()
    {
        foreach (var reader in _readers)
        {
            reader.Wake();
        }
    }
}

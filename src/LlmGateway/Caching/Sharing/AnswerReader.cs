using System.Threading.Tasks.Sources;

namespace LlmGateway.Caching.Sharing;

/// <summary>One client's place in a shared answer. What it waits by is used again for each piece.</summary>
internal sealed class AnswerReader : IValueTaskSource
{
    private readonly AnswerLog _log;
    private readonly Action _cut;
    private readonly Lock _cutting = new();
    private AnswerPiece _at;
    private ManualResetValueTaskSourceCore<bool> _signal = new() { RunContinuationsAsynchronously = true };
    private bool _waits;
    private bool _isOver;
    private bool _isThrough;

    internal AnswerReader(AnswerLog log, AnswerPiece start, Action cut) => (_log, _at, _cut) = (log, start, cut);

    /// <summary>How many bytes it is through with. Guarded by the log.</summary>
    internal long Position { get; private set; }

    /// <summary>It reads no more: it wanted to, or it was too slow. Guarded by the log.</summary>
    internal bool HasLeft { get; set; }

    /// <summary>Status and headers, once there are some.</summary>
    public AnswerHead? Head => _log.Head;

    /// <summary>What the last <see cref="NextAsync"/> found.</summary>
    public ReadOnlyMemory<byte> Bytes => _at.Bytes;

    /// <summary>Another piece is there already.</summary>
    public bool HasMore
    {
        get
        {
            lock (_log.Gate)
            {
                return _at.Next is not null;
            }
        }
    }

    /// <summary>Waits until the answer begins.</summary>
    public async ValueTask<ReadState> BeginAsync()
    {
        while (true)
        {
            ValueTask wait;
            lock (_log.Gate)
            {
                if (HasLeft)
                {
                    return ReadState.Left;
                }

                if (_log.Head is not null)
                {
                    return ReadState.More;
                }

                if (_log.Ended is not ReadState.More)
                {
                    return _log.Ended;
                }

                wait = Wait();
            }

            await wait;
        }
    }

    /// <summary>Is through with the piece before, and waits for the next one.</summary>
    public async ValueTask<ReadState> NextAsync()
    {
        while (true)
        {
            ValueTask wait;
            lock (_log.Gate)
            {
                if (HasLeft)
                {
                    return ReadState.Left;
                }

                if (!_isThrough)
                {
                    // Before it waits as well: of a piece that is larger than the window the provider would wait for it, and it for the provider.
                    _isThrough = true;
                    Position += _at.Bytes.Length;
                    _log.CameOn(this);
                }

                if (_at.Next is { } next)
                {
                    _at = next;
                    _isThrough = false;
                    return ReadState.More;
                }

                if (_log.Ended is not ReadState.More)
                {
                    return _log.Ended;
                }

                wait = Wait();
            }

            await wait;
        }
    }

    /// <summary>Reads no more. From its return on nobody breaks the connection, which may be another request's by then.</summary>
    public void Leave()
    {
        lock (_cutting)
        {
            _isOver = true;
        }

        _log.Leave(this);
    }

    internal void Cut()
    {
        lock (_cutting)
        {
            if (!_isOver)
            {
                _cut();
            }
        }
    }

    /// <summary>Under the gate of the log: what waits goes on elsewhere.</summary>
    internal void Wake()
    {
        if (_waits)
        {
            _waits = false;
            _signal.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private ValueTask Wait()
    {
        _signal.Reset();
        _waits = true;
        return new ValueTask(this, _signal.Version);
    }
}

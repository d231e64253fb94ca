using System.Threading.Tasks.Sources;

namespace LlmGateway.Caching.Sharing;

/// <summary>One client's place in a shared answer. It waits without allocating, however many pieces come.</summary>
internal sealed class AnswerReader : IValueTaskSource
{
    private readonly AnswerLog _log;
    private readonly Action _cut;
    private AnswerPiece _at;
    private ManualResetValueTaskSourceCore<bool> _signal = new() { RunContinuationsAsynchronously = true };
    private bool _waits;

    internal AnswerReader(AnswerLog log, AnswerPiece start, Action cut) => (_log, _at, _cut) = (log, start, cut);

    /// <summary>How many bytes it is through with. Guarded by the log.</summary>
    internal long Position { get; private set; }

    /// <summary>It reads no more: it wanted to, or it was too slow. Guarded by the log.</summary>
    internal bool HasLeft { get; set; }

    /// <summary>Status and headers, once there are some.</summary>
    public AnswerHead? Head => _log.Head;

    /// <summary>What the last <see cref="NextAsync"/> found.</summary>
    public ReadOnlyMemory<byte> Bytes => _at.Bytes;

    /// <summary>Another piece is there already, or the end.</summary>
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

                if (_at.Next is { } next)
                {
                    Position += _at.Bytes.Length;
                    _at = next;
                    _log.CameOn(this);
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

    /// <summary>Reads no more.</summary>
    public void Leave() => _log.Leave(this);

    internal void Cut() => _cut();

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

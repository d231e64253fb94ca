using System.Runtime.CompilerServices;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Sse;
using LlmGateway.Upstream;

namespace LlmGateway.Streaming;

/// <summary>
/// A provider's event stream as the client is to see it. Nothing is held beyond the event at hand; a client that reads slowly is a read of the
/// provider that does not happen. The end mark is let go only when the attempt is settled, and what ends badly ends with an error event.
/// </summary>
internal sealed class EventStream : Stream
{
    private readonly Exchange _exchange;
    private readonly Attempt _attempt;
    private readonly Stream _source;
    private readonly EventBuffer _buffer = new();
    private readonly SseFramer _framer = new();
    private readonly UsageTap _tap;
    private CancellationToken _reading;
    private bool _sourceEnded;
    private bool _ended;

    public EventStream(Exchange exchange, Attempt attempt, Stream source)
    {
        _exchange = exchange;
        _attempt = attempt;
        _source = source;
        _tap = new UsageTap(exchange, attempt, _buffer);
    }

    /// <summary>Reads up to the first event that a user would miss. False when the stream failed or ended before: the attempt says how.</summary>
    public async ValueTask<bool> OpenAsync(CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            switch (TakeEvent())
            {
                case EventMeaning.Content:
                    _attempt.FirstEventAt = _attempt.Clock.Now;
                    _reading = _attempt.Clock.FirstEventCame(_exchange.Http.RequestAborted);
                    return true;
                case EventMeaning.Failure:
                    return false;
                case EventMeaning.Done:
                    _attempt.Fail(ErrorClass.BadGateway, detail: "its stream ended before it said anything");
                    return false;
                case null when _sourceEnded:
                    _attempt.Fail(ErrorClass.BadGateway, detail: "its stream ended before it said anything");
                    return false;
                case null:
                    Filled(await _source.ReadAsync(Room(), cancellationToken));
                    break;
            }
        }

        return false;
    }

    /// <remarks>
    /// A read of nothing is how YARP waits for data without holding a buffer: it returns when there is some, or the end. The provider is read
    /// under the clock's own token: once that is cancelled there is still an error event to be read here.
    /// This runs for every event of every stream, so it is one state machine, and a pooled one: the four that it was before made half of the
    /// garbage of 512 streams.
    /// </remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        while (_buffer.ReadyLength == 0 && !_ended)
        {
            switch (TakeEvents())
            {
                case EventMeaning.Done:
                    // A relay writes the mark even where its own provider died: what nobody finished is not whole.
                    await EndAsync(whole: _attempt.FinishReason is not null);
                    break;
                case EventMeaning.Failure:
                    await BreakAsync();
                    break;
                case null when _buffer.ReadyLength > 0:
                    break;
                case null when _sourceEnded:
                    await EndAsync(whole: _tap.AllFinished);
                    break;
                default:
                    try
                    {
                        Filled(await _source.ReadAsync(Room(), _reading));
                    }
                    catch (Exception exception) when (!_exchange.Http.RequestAborted.IsCancellationRequested)
                    {
                        // The provider's side broke. A client that left is not caught here.
                        Fail(exception);
                        await BreakAsync();
                    }

                    break;
            }
        }

        return _buffer.Take(destination.Span);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The text may still be needed for an estimate: an attempt that the client cut short is settled after its stream.
            _tap.Settle();
            _source.Dispose();
            _buffer.Dispose();
        }

        base.Dispose(disposing);
    }

    private EventMeaning? TakeEvent() => _framer.TryReadEvent(_buffer.Raw, _sourceEnded, out var ev) ? _tap.Take(ev) : null;

    /// <summary>Takes all events that are here, up to one that ends the stream; null when more must be read.</summary>
    private EventMeaning? TakeEvents()
    {
        EventMeaning? meaning;
        do
        {
            meaning = TakeEvent();
        }
        while (meaning is EventMeaning.Filler or EventMeaning.Content);
        return meaning;
    }

    private Memory<byte> Room()
    {
        var free = _buffer.Free();
        if (free.IsEmpty)
        {
            throw new InvalidDataException($"An event is larger than {EventBuffer.MaxEvent} bytes.");
        }

        _attempt.Clock.ReadBegins();
        return free;
    }

    private void Filled(int read)
    {
        _attempt.Clock.ReadEnds();
        _buffer.Filled(read);
        _sourceEnded = read == 0;
    }

    private void Fail(Exception exception)
    {
        if (exception is InvalidDataException)
        {
            _attempt.Fail(ErrorClass.BadGateway, detail: "it sent an event that is too large");
        }
        else
        {
            _attempt.Break(exception, clientLeft: false);
        }
    }

    private ValueTask EndAsync(bool whole)
    {
        if (whole)
        {
            return FinishAsync();
        }

        _attempt.Fail(ErrorClass.BadGateway, detail: "its stream ended in the middle of the answer");
        return BreakAsync();
    }

    private async ValueTask FinishAsync()
    {
        _attempt.Succeed();
        await SettleAsync();
        _buffer.Finish(StreamTerminator.Done);
        _ended = true;
    }

    private async ValueTask BreakAsync()
    {
        await SettleAsync();
        _buffer.Finish(StreamTerminator.Error(_attempt.Error()));
        _ended = true;
    }

    private ValueTask SettleAsync()
    {
        _tap.Settle();
        return _attempt.SettleAsync();
    }
}

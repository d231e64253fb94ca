using System.Runtime.CompilerServices;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Streaming;

/// <summary>
/// A provider's event stream as the client is to see it. Nothing is held beyond the event at hand; a client that reads slowly is a read of the
/// provider that does not happen. The end mark is let go only when the attempt is settled. What ends badly is gone on with elsewhere, where
/// the route wants that, or ends with an error event; a route may also have it held back until it is whole.
/// </summary>
internal sealed class EventStream : Stream
{
    private readonly Exchange _exchange;
    private readonly Attempt _attempt;
    private readonly Stream _source;
    private readonly StreamingMetrics _metrics;
    private readonly EventBuffer _buffer;
    private readonly EventReader _reader;
    private readonly UsageTap _tap;
    private readonly long? _holdsBack;
    private CancellationToken _reading;
    private Resumption? _resumption;
    private bool _whole;
    private bool _ended;

    public EventStream(Exchange exchange, Attempt attempt, Stream source, StreamingMetrics metrics)
    {
        _exchange = exchange;
        _attempt = attempt;
        _source = source;
        _metrics = metrics;
        var rule = exchange.Plan!.Route.Failover.MidStream;
        _holdsBack = rule is MidStreamRule.Buffer ? exchange.Snapshot.Server.MaxResponseBody : null;
        _buffer = _holdsBack is { } most ? new EventBuffer { Most = (int)Math.Min(Array.MaxLength, most + EventBuffer.MaxEvent) } : new EventBuffer();
        _reader = new EventReader(attempt, _buffer);

        // Of several answers at once nobody could tell which part is whose continuation.
        _tap = new UsageTap(exchange, attempt, _buffer, remembers: rule is MidStreamRule.Resume && exchange.Request!.Returned == 1);
    }

    /// <summary>
    /// Reads up to the first event that a user would miss, or, where the route holds streams back, to the end. False when the stream failed or
    /// ended before: the attempt says how.
    /// </summary>
    public async ValueTask<bool> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (TakeEvent())
            {
                case EventMeaning.Content:
                    if (_attempt.FirstEventAt is null)
                    {
                        _attempt.FirstEventAt = _attempt.Clock.Now;
                        cancellationToken = _reading = _attempt.Clock.FirstEventCame(_exchange.Http.RequestAborted);
                    }

                    if (_holdsBack is null)
                    {
                        return true;
                    }

                    break;
                case EventMeaning.Failure:
                    return false;
                case EventMeaning.Done:
                    return HasEnded(whole: _tap.SeenFinished);
                case null when _reader.Ended:
                    return HasEnded(whole: _tap.AllFinished);
                case null when _buffer.ReadyLength > _holdsBack:
                    _attempt.Fail(ErrorClass.BadGateway, detail: $"its answer is larger than {_holdsBack} bytes (server.max_response_body)");
                    return false;
                case null:
                    _reader.Filled(await _source.ReadAsync(_reader.Room(), cancellationToken));
                    break;
            }
        }
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
            if (_whole)
            {
                await FinishAsync();
                break;
            }

            if (_resumption is not null)
            {
                await _resumption.GoOnAsync();
                _ended = _resumption.Ended;
                break;
            }

            switch (TakeEvents())
            {
                case EventMeaning.Done:
                    // A relay writes the mark even where its own provider died: what nobody finished is not whole.
                    await EndAsync(whole: _tap.SeenFinished);
                    break;
                case EventMeaning.Failure:
                    await BreakAsync();
                    break;
                case null when _buffer.ReadyLength > 0:
                    break;
                case null when _reader.Ended:
                    await EndAsync(whole: _tap.AllFinished);
                    break;
                default:
                    try
                    {
                        _reader.Filled(await _source.ReadAsync(_reader.Room(), _reading));
                    }
                    catch (Exception exception) when (!_exchange.Http.RequestAborted.IsCancellationRequested)
                    {
                        // The provider's side broke. A client that left is not caught here.
                        if (_tap.AllFinished)
                        {
                            await FinishAsync();
                            break;
                        }

                        _reader.Fail(exception);
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
            _resumption?.Dispose();
            _tap.Settle();
            _tap.Dispose();
            _source.Dispose();
            _buffer.Dispose();
        }

        base.Dispose(disposing);
    }

    private EventMeaning? TakeEvent() => _reader.TryRead(out var ev) ? _tap.Take(ev) : null;

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

    /// <summary>The end came before the client was sent anything: good where the stream was held back until it was whole.</summary>
    private bool HasEnded(bool whole)
    {
        _whole = whole && _attempt.FirstEventAt is not null;
        if (!_whole)
        {
            _tap.Unfinished();
        }

        return _whole;
    }

    private ValueTask EndAsync(bool whole)
    {
        if (whole)
        {
            return FinishAsync();
        }

        _tap.Unfinished();
        return BreakAsync();
    }

    private async ValueTask FinishAsync()
    {
        _attempt.Succeed();
        _attempt.Assembler?.AddDone();
        await SettleAsync();
        _buffer.Finish(StreamTerminator.Done);
        _ended = true;
    }

    /// <summary>The stream has died. What is in the buffer reaches the client before another deployment is asked to go on.</summary>
    private async ValueTask BreakAsync()
    {
        var delivered = _exchange.Continuation is not null && Resumption.MayFollow(_attempt) ? _tap.ReadDelivered() : null;
        await SettleAsync();
        if (delivered is not null)
        {
            _buffer.Finish([]);
            _resumption = new Resumption(_exchange, delivered, _attempt, _buffer, _metrics);
            _source.Dispose();
            return;
        }

        Resumption.WriteError(_exchange, _attempt, _buffer);
        _ended = true;
    }

    private ValueTask SettleAsync()
    {
        _tap.Settle();
        return _attempt.SettleAsync();
    }
}

using System.Diagnostics;
using LlmGateway.Telemetry.Tracing;
using LlmGateway.Upstream;

namespace LlmGateway.Gateway.Tracing;

/// <summary>
/// The trace of one exchange as it grows: a span of its own, one for each attempt, since providers are told their ids, and notes of how long each room
/// took. When the exchange has ended it is decided whether all that is kept, and only then do the notes become spans.
/// </summary>
internal sealed class ExchangeSpans
{
    private readonly Exchange _exchange;
    private readonly SpanSource _source;
    private readonly Activity _root;
    private readonly List<RoomNote> _notes = new(8);
    private bool _closed;

    private ExchangeSpans(Exchange exchange, SpanSource source, Activity root) => (_exchange, _source, _root) = (exchange, source, root);

    /// <summary>For logs and answers: as 32 hex digits.</summary>
    public string TraceId => _root.TraceId.ToHexString();

    /// <summary>It was decided at the beginning that the trace is kept.</summary>
    public bool IsSampled => _root.Recorded;

    /// <summary>What providers are told beside <c>traceparent</c>, as the caller sent it.</summary>
    public string? State => _root.TraceStateString;

    /// <summary>Begins one; null where nobody listens.</summary>
    public static ExchangeSpans? Open(Exchange exchange, SpanSource source)
    {
        var headers = exchange.Http.Request.Headers;
        var parent = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var caller) ? caller : default;
        return source.Begin("request", ActivityKind.Server, parent, exchange.StartedAt) is { } root ? new ExchangeSpans(exchange, source, root) : null;
    }

    /// <summary>A room begins; what is returned ends it.</summary>
    public int Enter(string room)
    {
        lock (_notes)
        {
            _notes.Add(new RoomNote(room, Elapsed, TimeSpan.Zero));
            return _notes.Count - 1;
        }
    }

    /// <summary>A room has done its part. Of several times the first holds: what follows inside another room is not its own.</summary>
    public void Leave(int note)
    {
        lock (_notes)
        {
            if (_notes[note].To == TimeSpan.Zero)
            {
                _notes[note] = _notes[note] with { To = Elapsed };
            }
        }
    }

    /// <summary>Begins the span of an attempt.</summary>
    public void Begin(Attempt attempt) => attempt.Span = _closed ? null : _source.Begin("attempt", ActivityKind.Client, _root.Context, attempt.StartedAt);

    /// <summary>The row of an attempt was written between these times.</summary>
    public void Settled(TimeSpan from)
    {
        lock (_notes)
        {
            _notes.Add(new RoomNote("ledger", from, Elapsed));
        }
    }

    /// <summary>Since the exchange began.</summary>
    public TimeSpan Elapsed => _exchange.Time.GetElapsedTime(_exchange.StartTimestamp);

    /// <summary>The exchange has ended: all of it is sent, or none.</summary>
    /// <param name="slow">What takes longer is kept.</param>
    public void Close(in ExchangeSummary summary, TimeSpan elapsed, TimeSpan slow)
    {
        lock (_notes)
        {
            _closed = true;
        }

        if (!_root.Recorded && summary.Fault is Fault.None && elapsed <= slow)
        {
            return;
        }

        _root.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        foreach (var note in _notes)
        {
            if (_source.Begin(note.Room, ActivityKind.Internal, _root.Context, _exchange.StartedAt + note.From) is { } span)
            {
                SpanSource.End(span, _exchange.StartedAt + (note.To == TimeSpan.Zero ? elapsed : note.To));
            }
        }

        foreach (var attempt in _exchange.Attempts)
        {
            if (attempt.Span is { } span)
            {
                SpanFacts.Describe(span, _exchange, attempt);
                SpanSource.End(span, attempt.FinishedAt ?? _exchange.StartedAt + elapsed);
            }
        }

        SpanFacts.Describe(_root, _exchange, summary);
        SpanSource.End(_root, _exchange.StartedAt + elapsed);
    }

    private readonly record struct RoomNote(string Room, TimeSpan From, TimeSpan To);
}

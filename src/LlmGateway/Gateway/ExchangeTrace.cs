namespace LlmGateway.Gateway;

/// <summary>
/// The last exchanges in a ring of slots that are used again and again: once their arrays have the size that the configuration asks for,
/// a usual exchange is kept without a byte of garbage. A reader looks at every slot, which is an operator's patience and not a request's.
/// </summary>
internal sealed class ExchangeTrace : IExchangeTrace
{
    public const int DefaultCapacity = 4096;

    private readonly TraceSlot[] _slots;
    private long _next = -1;

    public ExchangeTrace(int capacity = DefaultCapacity)
    {
        _slots = new TraceSlot[capacity];
        for (var i = 0; i < capacity; i++)
        {
            _slots[i] = new TraceSlot();
        }
    }

    /// <inheritdoc/>
    public void Record(Exchange exchange, in ExchangeSummary summary, TimeSpan elapsed)
    {
        if (exchange.Key is not null)
        {
            var turn = Interlocked.Increment(ref _next);
            _slots[turn % _slots.Length].Write(ExchangeFacts.Of(exchange, summary, elapsed), exchange.Plan, exchange.Attempts);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ExchangeRecord> Last(int most)
    {
        var newest = Volatile.Read(ref _next);
        for (var turn = newest; turn > newest - Math.Min(most, _slots.Length) && turn >= 0; turn--)
        {
            if (_slots[turn % _slots.Length].Read() is { } record)
            {
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public ExchangeRecord? Find(string id)
    {
        var operation = Guid.TryParseExact(id, "D", out var parsed) ? parsed : (Guid?)null;
        var newest = Volatile.Read(ref _next);
        ExchangeRecord? named = null;
        for (var turn = newest; turn > newest - _slots.Length && turn >= 0; turn--)
        {
            switch (_slots[turn % _slots.Length].Matches(id, operation))
            {
                // A client may choose any request id, even the operation id of another exchange: it must not hide that one.
                case TraceMatch.Operation when _slots[turn % _slots.Length].Read(id, operation) is { } exact:
                    return exact;
                case TraceMatch.Request:
                    named ??= _slots[turn % _slots.Length].Read(id, operation);
                    break;
            }
        }

        return named;
    }
}

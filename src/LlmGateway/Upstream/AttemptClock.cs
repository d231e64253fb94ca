using LlmGateway.Catalog;

namespace LlmGateway.Upstream;

/// <summary>Which limit of <see cref="Timeouts"/> ran out.</summary>
internal enum AttemptLimit
{
    None,
    FirstEvent,
    Idle,
    Total,

    /// <summary>None of them: the gateway stops.</summary>
    Interrupted,

    /// <summary>Of the route, over all attempts: <c>failover.deadline</c>.</summary>
    Deadline,
}

/// <summary>
/// The limits on one attempt, with one timer for all of them. The timer is not moved at every read: it looks, when it fires, how long ago
/// the last read was, and sleeps on for the rest. A read costs a timestamp that way, not a timer queue operation.
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Timeouts _limits;
    private readonly TimeSpan _firstEvent;
    private readonly AttemptLimit _firstLimit;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long _readSince;
    private CancellationTokenSource? _reading;
    private bool _disposed;

    /// <param name="time">The clock.</param>
    /// <param name="limits">The deployment's.</param>
    /// <param name="deadline">What is left to the exchange until an answer must have begun; null for no such limit.</param>
    public AttemptClock(TimeProvider time, Timeouts limits, TimeSpan? deadline = null)
    {
        _time = time;
        _limits = limits;
        _firstEvent = deadline is { } left && left < limits.FirstEvent ? Left(left, TimeSpan.Zero) : limits.FirstEvent;
        _firstLimit = _firstEvent == limits.FirstEvent ? AttemptLimit.FirstEvent : AttemptLimit.Deadline;
        _start = time.GetTimestamp();
        StartedAt = time.GetUtcNow();
        _timer = time.CreateTimer(static state => ((AttemptClock)state!).Look(), this, Shorter(_firstEvent, limits.Total), Timeout.InfiniteTimeSpan);
    }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Cancelled when a limit has run out before the first event.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The limit that ran out, if one did.</summary>
    public AttemptLimit Hit { get; private set; }

    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>The instant now, on the clock of the attempt.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>We wait for the provider from now on. While it is the client that is waited for, nothing is idle.</summary>
    public void ReadBegins() => Volatile.Write(ref _readSince, _time.GetTimestamp());

    public void ReadEnds() => Volatile.Write(ref _readSince, 0);

    /// <summary>
    /// The first meaningful event is here: from now on the idle limit holds instead. A limit that runs out cancels the returned token and no
    /// longer <see cref="Token"/>: the reading of the provider ends, and the client, to whom it has begun to be sent, can still be told why.
    /// </summary>
    /// <param name="clientLeft">Cancels the returned token too.</param>
    public CancellationToken FirstEventCame(CancellationToken clientLeft)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _reading = CancellationTokenSource.CreateLinkedTokenSource(clientLeft);
            if (Hit is AttemptLimit.Interrupted)
            {
                _reading.Cancel();
            }

            _timer.Change(Shorter(_limits.Idle, Left(_limits.Total, Elapsed)), Timeout.InfiniteTimeSpan);
            return _reading.Token;
        }
    }

    /// <summary>The attempt is not wanted any more: what waits for it ends, and no limit has run out.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                // Off this thread, as below.
                _ = (_reading ?? _cancellation).CancelAsync();
            }
        }
    }

    /// <summary>The gateway stops: what waits for the attempt ends, as it does when a limit runs out.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            if (!_disposed && Hit is AttemptLimit.None)
            {
                Hit = AttemptLimit.Interrupted;
                _ = (_reading ?? _cancellation).CancelAsync();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
        _cancellation.Dispose();
        _reading?.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_disposed || Hit is AttemptLimit.Interrupted)
            {
                return;
            }

            var elapsed = Elapsed;
            var readSince = Volatile.Read(ref _readSince);
            var idle = readSince == 0 ? TimeSpan.Zero : _time.GetElapsedTime(readSince);
            if (elapsed >= _limits.Total)
            {
                Hit = AttemptLimit.Total;
            }
            else if (_reading is null && elapsed >= _firstEvent)
            {
                Hit = _firstLimit;
            }
            else if (_reading is not null && idle >= _limits.Idle)
            {
                Hit = AttemptLimit.Idle;
            }
            else
            {
                var next = _reading is not null ? Left(_limits.Idle, idle) : Left(_firstEvent, elapsed);
                _timer.Change(Shorter(next, Left(_limits.Total, elapsed)), Timeout.InfiniteTimeSpan);
                return;
            }

            // Off this thread and out of the lock: what waits on the token may dispose this clock.
            _ = (_reading ?? _cancellation).CancelAsync();
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>At least a millisecond: a timer of zero would spin where clocks round differently.</summary>
    private static TimeSpan Left(TimeSpan limit, TimeSpan used) =>
        limit - used is var left && left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
}

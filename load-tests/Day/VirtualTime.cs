namespace LlmGateway.LoadTests.Day;

/// <summary>
/// The clock of a simulated day, and what is to happen when: time passes from event to event, on one thread. All of the gateway's code that
/// takes part gets its time from here.
/// </summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<Action, (long Ticks, long Order)> _events = new();
    private long _ticks = start.UtcTicks;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

    public override long GetTimestamp() => _ticks;

    /// <summary>
    /// Never fires. The only timer is the one of an attempt's limits, and its cancellation goes through the thread pool, which would end
    /// determinism; who simulates an attempt keeps to the same limits.
    /// </summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new SilentTimer();

    public void After(TimeSpan delay, Action what) => _events.Enqueue(what, (_ticks + Math.Max(0, delay.Ticks), _order++));

    /// <summary>Until nothing more is to happen. Events of one instant happen in the order in which they were asked for.</summary>
    public void Run()
    {
        while (_events.TryDequeue(out var what, out var at))
        {
            _ticks = at.Ticks;
            what();
        }
    }

    private sealed class SilentTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A clock that moves only when a test moves it, and knows what waits for it: a test names a wait by its length, and lets it pass.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly ConcurrentDictionary<Waiter, DateTimeOffset> _waiting = new();

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiter = new Waiter(this);
        waiter.Begin(_time.CreateTimer(value => { waiter.Ends(); callback(value); }, state, dueTime, period), dueTime);
        return waiter;
    }

    public void Advance(TimeSpan by) => _time.Advance(by);

    /// <summary>Waits (in real time) until something waits for about that long, and lets just this time pass.</summary>
    public async Task PassAsync(TimeSpan length, TimeSpan? upTo, CancellationToken soon)
    {
        while (true)
        {
            var now = GetUtcNow();
            foreach (var due in _waiting.Values)
            {
                if (due - now >= length - Tolerance && due - now <= (upTo ?? length) + Tolerance)
                {
                    _time.Advance(due - now);
                    return;
                }
            }

            soon.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Lets every wait of about that length pass that comes before <paramref name="end"/>: what reads may begin to wait more than once.</summary>
    public async Task PassUntilAsync(Task end, TimeSpan length, TimeSpan upTo, CancellationToken soon)
    {
        while (!end.IsCompleted)
        {
            var now = GetUtcNow();
            var due = _waiting.Values.FirstOrDefault(due => due - now >= length - Tolerance && due - now <= upTo + Tolerance);
            if (due != default)
            {
                _time.Advance(due - now);
            }

            soon.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Whether somebody waits for about that long now.</summary>
    public bool IsWaiting(TimeSpan length, TimeSpan upTo) => _waiting.Values.Any(due => due - GetUtcNow() >= length && due - GetUtcNow() <= upTo);

    /// <summary>Waits (in real time) until so many wait for about that long.</summary>
    public async Task WaitingAsync(int count, TimeSpan length, TimeSpan upTo, CancellationToken soon)
    {
        while (_waiting.Values.Count(due => due - GetUtcNow() >= length - Tolerance && due - GetUtcNow() <= upTo + Tolerance) < count)
        {
            soon.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class Waiter(ManualTime time) : ITimer
    {
        private ITimer? _timer;

        public void Begin(ITimer timer, TimeSpan due)
        {
            _timer = timer;
            Note(due);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Note(dueTime);
            return _timer!.Change(dueTime, period);
        }

        public void Ends() => time._waiting.TryRemove(this, out _);

        public void Dispose()
        {
            Ends();
            _timer?.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            Ends();
            if (_timer is not null)
            {
                await _timer.DisposeAsync();
            }
        }

        private void Note(TimeSpan due)
        {
            if (due >= TimeSpan.Zero)
            {
                time._waiting[this] = time.GetUtcNow() + due;
            }
            else
            {
                Ends();
            }
        }
    }
}

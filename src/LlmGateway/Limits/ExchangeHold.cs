using LlmGateway.Catalog;

namespace LlmGateway.Limits;

/// <summary>What is held for one exchange, and what of it its attempts have used. Thread-safe: a hedge begins beside the first attempt.</summary>
internal sealed class ExchangeHold(Reservation reservation, Demand demand)
{
    private readonly Lock _gate = new();
    private readonly long[] _used = new long[reservation.Lines.Length];
    private readonly long[] _open = new long[reservation.Lines.Length];
    private int _attempts;
    private bool _ended;
    private bool _settled;

    public Reservation Reservation { get; } = reservation;

    /// <summary>What each attempt may use.</summary>
    public Demand Demand { get; } = demand;

    /// <summary>Reserves the room of one more attempt in what is held; how much is missing is then in <see cref="ReservationLine.More"/>.</summary>
    /// <param name="most">What it may take, a figure an account.</param>
    /// <returns>Nothing is missing.</returns>
    public bool Open(long[] most)
    {
        lock (_gate)
        {
            var covered = true;
            var lines = Reservation.Lines.AsSpan();
            for (var i = 0; i < lines.Length; i++)
            {
                _open[i] += most[i];
                lines[i].More = lines[i].Account.Stops ? Math.Max(0, _used[i] + _open[i] - lines[i].Held) : 0;
                covered &= lines[i].More == 0;
            }

            _attempts++;
            return covered;
        }
    }

    /// <summary>The attempt is not made after all.</summary>
    public void Cancel(long[] most) => Close(most, default);

    /// <summary>An attempt has ended.</summary>
    /// <param name="most">As it was opened with.</param>
    /// <param name="used">What it came to; empty for nothing.</param>
    public void Close(long[] most, ReadOnlySpan<long> used)
    {
        lock (_gate)
        {
            for (var i = 0; i < most.Length; i++)
            {
                _open[i] -= most[i];
                _used[i] += used.IsEmpty ? 0 : used[i];
            }

            _attempts--;
        }
    }

    /// <summary>No further attempt follows.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
        }
    }

    /// <summary>True once: it has ended, nothing is under way any more, and what was used is in <see cref="ReservationLine.Actual"/>.</summary>
    public bool TryFinish()
    {
        lock (_gate)
        {
            if (!_ended || _attempts > 0 || _settled)
            {
                return false;
            }

            _settled = true;
            var lines = Reservation.Lines.AsSpan();
            for (var i = 0; i < lines.Length; i++)
            {
                // A request is one, however it ends.
                lines[i].Actual = lines[i].Account.Measure is Measure.Requests ? lines[i].Held : _used[i];
            }

            return true;
        }
    }

    /// <summary>What is left of the budget that is nearest to its end, when this exchange is over; null where none stands above it.</summary>
    public Money? BudgetLeft()
    {
        Money? left = null;
        var least = double.MaxValue;
        var lines = Reservation.Lines;
        for (var i = 0; i < lines.Length; i++)
        {
            ref var line = ref lines[i];
            if (line.Account.Budget is not { } budget)
            {
                continue;
            }

            var nanos = line.Account.Limit - (_settled ? line.Used : line.Used - line.Held + _used[i]);
            var share = nanos / Math.Max(1.0, line.Account.Limit);
            if (share < least)
            {
                least = share;
                left = Nanos.Money(Math.Max(0, nanos), budget.Amount.Currency);
            }
        }

        return left;
    }
}

/// <summary>The part of a hold that one attempt may use.</summary>
/// <param name="Most">A figure an account.</param>
internal sealed record AttemptShare(ExchangeHold Hold, long[] Most);

using LlmGateway.Catalog;
using LlmGateway.Limits.InProcess;

namespace LlmGateway.Limits;

/// <summary>What is held for one exchange, and what of it its attempts have used. Thread-safe: a hedge begins beside the first attempt.</summary>
internal sealed class ExchangeHold(Reservation reservation, Demand demand)
{
    private readonly Lock _gate = new();
    private readonly long[] _used = new long[reservation.Lines.Length];
    private readonly long[] _open = new long[reservation.Lines.Length];
    private SemaphoreSlim? _extending;
    private int _attempts;
    private bool _ended;
    private bool _settled;

    public Reservation Reservation { get; } = reservation;

    /// <summary>What each attempt may use.</summary>
    public Demand Demand { get; } = demand;

    /// <summary>One extension at a time: what is missing for one is not what is missing for another.</summary>
    public SemaphoreSlim Extending => LazyInitializer.EnsureInitialized(ref _extending, static () => new SemaphoreSlim(1));

    /// <summary>Takes the room of one more attempt, where what is held covers it.</summary>
    /// <param name="most">What it may take, a figure an account.</param>
    public bool TryOpen(long[] most)
    {
        lock (_gate)
        {
            var lines = Reservation.Lines.AsSpan();
            for (var i = 0; i < lines.Length && !_settled; i++)
            {
                if (lines[i].Account.Stops && Sums.Add(Sums.Add(_used[i], _open[i]), most[i]) > lines[i].Held)
                {
                    return false;
                }
            }

            return Open(most);
        }
    }

    /// <summary>Takes the room of one more attempt, and says in <see cref="ReservationLine.More"/> how much of it has to be held yet. False when it is over.</summary>
    public bool OpenBeyond(long[] most)
    {
        lock (_gate)
        {
            if (!Open(most))
            {
                return false;
            }

            var lines = Reservation.Lines.AsSpan();
            for (var i = 0; i < lines.Length; i++)
            {
                lines[i].More = lines[i].Account.Stops ? Math.Max(0, Sums.Add(_used[i], _open[i]) - lines[i].Held) : 0;
            }

            return true;
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

    private bool Open(long[] most)
    {
        if (_settled)
        {
            return false;
        }

        for (var i = 0; i < most.Length; i++)
        {
            _open[i] = Sums.Add(_open[i], most[i]);
        }

        // What ended before, a hedge that lost say, was not the end.
        _ended = false;
        _attempts++;
        return true;
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

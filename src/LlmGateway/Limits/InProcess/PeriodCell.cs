namespace LlmGateway.Limits.InProcess;

/// <summary>What is taken in a period of the calendar. Exchanges end in the period in which they began.</summary>
internal sealed class PeriodCell(PeriodCalendar calendar) : Cell
{
    private readonly List<Entry> _entries = [];

    public override long Spent(in Moment now) => At(now).Spent;

    public override long Held(in Moment now) => At(now).Held;

    public override TimeSpan? Wait(long amount, long limit, in Moment now)
    {
        var entry = At(now);
        if (Sums.Add(Sums.Add(entry.Spent, entry.Held), amount) <= limit)
        {
            return TimeSpan.Zero;
        }

        return entry.Period.End == DateTimeOffset.MaxValue ? null : entry.Period.End - now.Wall;
    }

    public override long Hold(long amount, in Moment now)
    {
        var entry = At(now);
        entry.Held = Sums.Add(entry.Held, amount);
        return entry.Place;
    }

    public override void HoldMore(long amount, long place, in Moment now)
    {
        if (Find(place) is { } entry)
        {
            entry.Held = Sums.Add(entry.Held, amount);
        }
    }

    public override void Settle(long held, long actual, long place, in Moment now)
    {
        // A period that is long over, and of which nothing was held, is not kept.
        if (Find(place) is { } entry)
        {
            entry.Held = Math.Max(0, entry.Held - held);
            entry.Spent = Sums.Add(entry.Spent, actual);
        }
    }

    public override TimeSpan Reset(in Moment now)
    {
        var end = calendar.At(now.Wall).End;
        return end == DateTimeOffset.MaxValue ? TimeSpan.Zero : end - now.Wall;
    }

    /// <summary>The period in force has been counted from the ledger.</summary>
    public bool IsLoaded(in Moment now) => At(now).IsLoaded;

    /// <summary>What the ledger has of a period.</summary>
    public void Load(Period period, long spent)
    {
        var entry = Find(PlaceOf(period)) ?? Add(period);
        if (!entry.IsLoaded)
        {
            // The ledger has what was spent here while it could not be read, too.
            entry.IsLoaded = true;
            entry.Spent = Math.Max(entry.Spent, spent);
        }
    }

    private static long PlaceOf(Period period) => period.Start.ToUnixTimeMilliseconds();

    private Entry At(in Moment now)
    {
        var period = calendar.At(now.Wall);
        return Find(PlaceOf(period)) ?? Add(period);
    }

    private Entry? Find(long place)
    {
        // One or two: the last is in force, the one before it ends with the exchanges that began in it.
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Place == place)
            {
                return _entries[i];
            }
        }

        return null;
    }

    private Entry Add(Period period)
    {
        _entries.RemoveAll(entry => entry.Held == 0 && entry.Period.End <= period.Start - (period.End - period.Start));
        var added = new Entry(period, PlaceOf(period));
        _entries.Add(added);
        return added;
    }

    private sealed class Entry(Period period, long place)
    {
        public Period Period { get; } = period;

        public long Place { get; } = place;

        public bool IsLoaded { get; set; }

        public long Spent { get; set; }

        public long Held { get; set; }
    }
}

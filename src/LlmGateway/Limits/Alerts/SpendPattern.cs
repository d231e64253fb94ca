namespace LlmGateway.Limits.Alerts;

/// <summary>What the hours of the last days have cost, to tell what an hour usually costs.</summary>
internal sealed class SpendPattern
{
    /// <summary>How many days are learned from.</summary>
    public const int Days = 14;

    /// <summary>Fewer hours than this are no pattern.</summary>
    public const int FewestHours = 24;

    /// <summary>So many hours of the same time of the day and kind of day say more than all hours do.</summary>
    public const int EnoughAlike = 4;

    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TimeZoneInfo _zone;
    private readonly DateTimeOffset _start;
    private readonly long[] _hours;

    private SpendPattern(TimeZoneInfo zone, DateTimeOffset start, long[] hours) => (_zone, _start, _hours) = (zone, start, hours);

    public static DateTimeOffset HourOf(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % Hour.Ticks), TimeSpan.Zero);

    /// <summary>Where learning starts for the last hour before <paramref name="now"/>, and where it ends: before anything of that hour.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) RangeAt(DateTimeOffset now)
    {
        var to = HourOf(now) - Hour;
        return (to - TimeSpan.FromDays(Days), to);
    }

    /// <param name="spent">Nanos by the start of their hour, of the range; hours that cost nothing may be left out.</param>
    /// <param name="zone">Whose hours and weekends.</param>
    public static SpendPattern Learn(IReadOnlyList<(DateTimeOffset Hour, long Nanos)> spent, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var counted = spent.Where(entry => entry.Hour >= from && entry.Hour < to).ToList();

        // Before it was first used nothing was learned: a budget of last week is not one that usually costs nothing.
        var start = counted.Count == 0 ? to : counted.Min(entry => HourOf(entry.Hour));
        var hours = new long[(to - start).Ticks / Hour.Ticks];
        foreach (var (hour, nanos) in counted)
        {
            hours[(HourOf(hour) - start).Ticks / Hour.Ticks] += nanos;
        }

        return new SpendPattern(zone, start, hours);
    }

    /// <summary>What such an hour usually costs; null while too little is known.</summary>
    public SpendExpectation? Expect(DateTimeOffset instant)
    {
        if (_hours.Length < FewestHours)
        {
            return null;
        }

        var (hour, weekend) = KindOf(instant);
        var alike = _hours.Where((_, i) => KindOf(_start + (i * Hour)) == (hour, weekend)).ToArray();
        return alike.Length >= EnoughAlike ? SpendExpectation.Of(alike, hour, weekend) : SpendExpectation.Of([.. _hours], null, weekend);
    }

    private (int Hour, bool Weekend) KindOf(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, _zone);
        return (local.Hour, local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
    }
}

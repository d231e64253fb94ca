using LlmGateway.Catalog;

namespace LlmGateway.Limits;

/// <summary>A stretch of the calendar, as two instants.</summary>
/// <param name="End">Excluded; the largest instant for one that never ends.</param>
internal sealed record Period(DateTimeOffset Start, DateTimeOffset End)
{
    public bool Contains(DateTimeOffset instant) => instant >= Start && instant < End;
}

/// <summary>Days, weeks (from Monday), months, quarters and years of a time zone. Keeps the period in force, which nearly every call is about.</summary>
internal sealed class PeriodCalendar(BudgetPeriod length, TimeZoneInfo zone)
{
    private Period? _last;

    /// <summary>The period that holds this instant.</summary>
    public Period At(DateTimeOffset instant)
    {
        if (_last is { } last && last.Contains(instant))
        {
            return last;
        }

        var found = Find(instant);
        _last = found;
        return found;
    }

    private Period Find(DateTimeOffset instant)
    {
        if (length is BudgetPeriod.Total)
        {
            return new Period(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        }

        var day = TimeZoneInfo.ConvertTime(instant, zone).Date;
        var (start, end) = length switch
        {
            BudgetPeriod.Day => (day, day.AddDays(1)),
            BudgetPeriod.Week => Days(day.AddDays(-(((int)day.DayOfWeek + 6) % 7)), 7),
            BudgetPeriod.Month => Months(new DateTime(day.Year, day.Month, 1), 1),
            BudgetPeriod.Quarter => Months(new DateTime(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1), 3),
            _ => Months(new DateTime(day.Year, 1, 1), 12),
        };
        return new Period(Instant(start), Instant(end));
    }

    private static (DateTime, DateTime) Days(DateTime start, int days) => (start, start.AddDays(days));

    private static (DateTime, DateTime) Months(DateTime start, int months) => (start, start.AddMonths(months));

    /// <summary>When that day begins there. Where clocks skip midnight it begins with the first moment that exists; where they repeat it, with the first of the two.</summary>
    private DateTimeOffset Instant(DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

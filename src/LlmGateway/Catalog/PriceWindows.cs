using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>Hours at which every rate per token is multiplied.</summary>
internal sealed record PriceWindows(TimeZoneInfo TimeZone, decimal Multiplier, IReadOnlyList<PriceWindow> When)
{
    /// <summary>Whether the local clock shows one of the hours at that instant.</summary>
    public bool Contains(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZone).DateTime;
        for (var i = 0; i < When.Count; i++)
        {
            if (When[i].Contains(local))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>
/// From <paramref name="Start"/> up to, and without, <paramref name="End"/> on <paramref name="Days"/>, by the local clock. An end that
/// is not after the start is on the next day, which need not be one of the days: equal ones are 24 hours.
/// </summary>
internal sealed record PriceWindow(FrozenSet<DayOfWeek> Days, TimeOnly Start, TimeOnly End)
{
    public bool Contains(DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (Start < End)
        {
            return time >= Start && time < End && Days.Contains(local.DayOfWeek);
        }

        return (time >= Start && Days.Contains(local.DayOfWeek))
            || (time < End && Days.Contains((DayOfWeek)(((int)local.DayOfWeek + 6) % 7)));
    }
}

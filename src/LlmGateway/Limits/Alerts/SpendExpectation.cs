namespace LlmGateway.Limits.Alerts;

/// <summary>What an hour usually costs.</summary>
/// <param name="Median">Nanos.</param>
/// <param name="Deviation">Median of the distances from the median, nanos.</param>
/// <param name="Hours">How many hours say so.</param>
/// <param name="HourOfDay">They are of this hour; null for those of all hours.</param>
/// <param name="Weekend">They are of Saturdays and Sundays, else of the other days; means nothing for those of all hours.</param>
internal sealed record SpendExpectation(long Median, long Deviation, int Hours, int? HourOfDay, bool Weekend)
{
    private const int Deviations = 8;
    private const int Times = 5;
    private const int ShareOfBudget = 100;

    public static SpendExpectation Of(long[] hours, int? hourOfDay, bool weekend)
    {
        var median = MedianOf(hours);
        return new SpendExpectation(median, MedianOf([.. hours.Select(nanos => Math.Abs(nanos - median))]), hours.Length, hourOfDay, weekend);
    }

    /// <summary>From here on an hour is far above what is usual: many deviations, several times the median, and a share of the budget that matters.</summary>
    /// <param name="limit">The amount of the budget, nanos.</param>
    public long Threshold(long limit)
    {
        var above = Int128.Max((Int128)Median + ((Int128)Deviations * Deviation), (Int128)Times * Median);
        return (long)Int128.Min(long.MaxValue, Int128.Max(above, limit / ShareOfBudget));
    }

    private static long MedianOf(long[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (long)(((Int128)values[middle - 1] + values[middle]) / 2);
    }
}

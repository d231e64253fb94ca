namespace LlmGateway.Limits.Alerts;

/// <summary>An hour that cost far more than such hours do.</summary>
/// <param name="Spent">What the last hour has cost, nanos.</param>
/// <param name="Threshold">From where on that is an anomaly, nanos.</param>
/// <param name="Peak">The ten minutes that cost most: the same ones for as long as it is the same anomaly.</param>
internal sealed record SpendAnomaly(long Spent, SpendExpectation Expected, long Threshold, DateTimeOffset Peak)
{
    /// <summary>Holds the last hour against what is usual; null where it is nothing special, or nobody knows.</summary>
    /// <param name="lastHour">Nanos by the start of their ten minutes.</param>
    /// <param name="limit">The amount of the budget, nanos.</param>
    public static SpendAnomaly? Find(IReadOnlyList<(DateTimeOffset Start, long Nanos)> lastHour, SpendPattern pattern, DateTimeOffset now, long limit)
    {
        var spent = lastHour.Aggregate(Int128.Zero, static (sum, entry) => sum + entry.Nanos);
        if (spent <= 0 || limit <= 0 || pattern.Expect(now - SpendPattern.Hour) is not { } before || pattern.Expect(now) is not { } at)
        {
            return null;
        }

        // The last hour lies in two hours of the clock. Where mornings begin at nine, half past nine is not to be measured by eight o'clock.
        var (expected, threshold) = before.Threshold(limit) > at.Threshold(limit) ? (before, before.Threshold(limit)) : (at, at.Threshold(limit));
        var peak = lastHour.GroupBy(static entry => entry.Start).MaxBy(static group => group.Sum(entry => (decimal)entry.Nanos))!.Key;
        return spent >= threshold ? new SpendAnomaly((long)Int128.Min(long.MaxValue, spent), expected, threshold, peak) : null;
    }
}

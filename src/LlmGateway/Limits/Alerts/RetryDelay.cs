namespace LlmGateway.Limits.Alerts;

/// <summary>How long a webhook that was not told is left alone.</summary>
internal static class RetryDelay
{
    /// <summary>Twice as long with each failure, up to the longest, and up to half as long again so that many do not come at once.</summary>
    /// <param name="attempts">How many there were; none counts as one.</param>
    /// <param name="asked">What the receiver wants; no more than the longest.</param>
    public static TimeSpan Of(AlertOptions options, int attempts, TimeSpan? asked, Random random)
    {
        var doubled = options.FirstRetry.Ticks * Math.Pow(2, Math.Max(0, attempts - 1));
        var wait = TimeSpan.FromTicks((long)Math.Min(options.LongestRetry.Ticks, doubled * (1 + (random.NextDouble() / 2))));
        return asked is { } wanted && wanted > wait ? (wanted < options.LongestRetry ? wanted : options.LongestRetry) : wait;
    }
}

namespace LlmGateway.LoadTests.Day;

/// <summary>
/// The world of the simulated day: three who serve the same open model. The first is cheap and slow, and doubles its price when most people
/// work; the second is a little dearer and twice as fast; the third is the fastest, at more than twice the price, and grants little. At the
/// peaks no one of them can take all, and the second is down in the middle of the first peak.
/// </summary>
internal static class DayWorld
{
    /// <summary>A Monday; midnight in the time zone of the price window.</summary>
    public static readonly DateTimeOffset Midnight = new(2026, 11, 23, 0, 0, 0, TimeSpan.FromHours(8));

    public static readonly IReadOnlyList<Vendor> Vendors =
    [
        new("river/open", FirstToken: 1.1, PerToken: 0.034, Knee: 10, Concurrent: 30, RequestsPerMinute: 60, TokensPerMinute: 70_000),
        new("harbor/open", FirstToken: 0.7, PerToken: 0.0165, Knee: 8, Concurrent: 24, RequestsPerMinute: 50, TokensPerMinute: 60_000,
            Down: new DayPart(new TimeSpan(10, 0, 0), new TimeSpan(10, 45, 0))),
        new("summit/open", FirstToken: 0.45, PerToken: 0.0135, Knee: 6, Concurrent: 12, RequestsPerMinute: 24, TokensPerMinute: 30_000),
    ];
}

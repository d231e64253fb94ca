namespace LlmGateway.LoadTests.Models;

/// <summary>
/// When each request of a constant arrival rate is meant to start. Every time is computed from the first one, so that no rounding adds up
/// and a late dispatcher never shifts the requests behind it: their lateness counts as latency.
/// </summary>
/// <param name="start">Timestamp of the first request.</param>
/// <param name="rate">Requests per second.</param>
/// <param name="frequency">Timestamp ticks per second.</param>
internal readonly struct ArrivalSchedule(long start, double rate, long frequency)
{
    /// <summary>The timestamp at which request <paramref name="index"/> (from 0) is meant to start.</summary>
    public long IntendedStart(long index) => start + (long)(index * (frequency / rate));
}

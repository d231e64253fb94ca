using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LlmGateway.LoadTests.Models;

/// <summary>
/// Blocks until an instant, to within some 0.1 ms. The timers of the runtime are up to 4 ms late, which at a constant
/// arrival rate would all be counted as the target's latency. Linux only, as all of the driver.
/// </summary>
internal static class PreciseWait
{
    // CLOCK_MONOTONIC is also what Stopwatch reads, in the same nanoseconds.
    private const int MonotonicClock = 1;
    private const int AbsoluteTime = 1;

    /// <param name="timestamp">A Stopwatch timestamp; one that has passed returns at once.</param>
    public static void Until(long timestamp)
    {
        var until = new TimeSpec(timestamp / Stopwatch.Frequency, timestamp % Stopwatch.Frequency * (1_000_000_000 / Stopwatch.Frequency));

        // A signal may cut the sleep short; the instant is absolute, so it is simply asked for again.
        while (Stopwatch.GetTimestamp() < timestamp)
        {
            _ = ClockNanosleep(MonotonicClock, AbsoluteTime, in until, IntPtr.Zero);
        }
    }

    [DllImport("libc", EntryPoint = "clock_nanosleep")]
    private static extern int ClockNanosleep(int clock, int flags, in TimeSpec until, IntPtr remaining);

    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds)
    {
        public TimeSpec(long seconds, long nanoseconds)
            : this((nint)seconds, (nint)nanoseconds)
        {
        }
    }
}

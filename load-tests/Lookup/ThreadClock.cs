using System.Runtime.InteropServices;

namespace LlmGateway.LoadTests.Lookup;

/// <summary>
/// The processor's time of this thread. On a machine that others use it tells how long a look-up takes, where the clock on the wall tells how long the thread
/// had to wait for a processor.
/// </summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID
    private const long Nanoseconds = 1_000_000_000;

    /// <summary>Nanoseconds.</summary>
    public static long Now()
    {
        _ = GetTime(ThreadProcessorTime, out var time);
        return (time.Seconds * Nanoseconds) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

namespace LlmGateway.Tests;

/// <summary>Counts what code allocates.</summary>
internal static class Garbage
{
    private const int Runs = 20;

    /// <summary>
    /// Bytes that a run allocates on this thread, at least. A collection in the middle of a run empties pools and moves what a thread has set aside, and
    /// so counts as if the run had allocated: what it always allocates is in every run.
    /// </summary>
    public static long Of(Action run)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Runs && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}

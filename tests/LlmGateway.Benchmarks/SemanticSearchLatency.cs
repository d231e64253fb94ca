using System.Diagnostics;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Benchmarks;

/// <summary>
/// Percentiles of searches, one after the other on one thread, which the means of a benchmark hide. Bounds: a 99th percentile of 1 ms among
/// 10,000 entries and 5 ms among 100,000. On a machine that others use, what they take shows in the 99th percentile first, and not in the
/// mean of the processor's time.
/// </summary>
internal static class SemanticSearchLatency
{
    public const string Argument = "--semantic-search";

    private const int WarmUp = 2_000;
    private const int Searches = 10_000;

    public static void Run()
    {
        Console.WriteLine("entries  dims  mean CPU us     p50 us     p99 us     max us  bytes/entry  recall@1");
        foreach (var (entries, dimensions) in new[] { (10_000, 256), (10_000, 384), (100_000, 256), (100_000, 384) })
        {
            var data = new SemanticIndexData(entries, dimensions);
            var results = new VectorMatch[5];
            var (found, micros, cpu) = (0, new double[Searches], TimeSpan.Zero);
            for (var i = -WarmUp; i < Searches; i++)
            {
                if (i == 0)
                {
                    cpu = Environment.CpuUsage.TotalTime;
                }

                var started = Stopwatch.GetTimestamp();
                var finds = data.Finds(i + WarmUp, results);
                if (i >= 0)
                {
                    micros[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
                    found += finds ? 1 : 0;
                }
            }

            cpu = Environment.CpuUsage.TotalTime - cpu;
            Array.Sort(micros);
            Console.WriteLine(
                $"{entries,7}  {dimensions,4}  {cpu.TotalMicroseconds / Searches,11:0.0}  {micros[Searches / 2],9:0.0}  {micros[Searches * 99 / 100],9:0.0}  {micros[^1],9:0.0}  {(double)data.Bytes / entries,11:0.0}  {(double)found / Searches,8:0.0000}");
        }
    }
}

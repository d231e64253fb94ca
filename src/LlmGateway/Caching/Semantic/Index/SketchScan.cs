using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>Looks through all sketches of a segment. They lie in blocks of eight, word beside word, as vector registers want them.</summary>
internal static class SketchScan
{
    public const int Lanes = 8;

    /// <summary>So many words can be counted into bytes before one could overflow.</summary>
    public const int MostWordsInBytes = 31;

    public static int Blocks(int count) => (count + Lanes - 1) / Lanes;

    public static void Run(Segment segment, int number, ReadOnlySpan<ulong> query, long now, ref NearestSketches nearest)
    {
        if (Avx512Kernel.IsSupported)
        {
            Run<Avx512Kernel>(segment, number, query, now, ref nearest);
        }
        else if (Avx2Kernel.IsSupported)
        {
            Run<Avx2Kernel>(segment, number, query, now, ref nearest);
        }
        else
        {
            Run<ScalarKernel>(segment, number, query, now, ref nearest);
        }
    }

    private static void Run<TKernel>(Segment segment, int number, ReadOnlySpan<ulong> query, long now, ref NearestSketches nearest)
        where TKernel : ISketchKernel
    {
        Span<ulong> distances = stackalloc ulong[Lanes];

        // Read before what it counts: so many are whole.
        var count = segment.Count;
        ref var sketches = ref MemoryMarshal.GetArrayDataReference(segment.Sketches);
        for (var block = 0; block < Blocks(count); block++)
        {
            if (!TKernel.AnyBelow(ref Unsafe.Add(ref sketches, block * query.Length * Lanes), query, nearest.Bound, distances))
            {
                continue;
            }

            var first = block * Lanes;
            for (var lane = 0; lane < Lanes && first + lane < count; lane++)
            {
                if (distances[lane] < nearest.Bound && segment.IsLive(first + lane, now))
                {
                    nearest.Offer(distances[lane], number, first + lane);
                }
            }
        }
    }
}

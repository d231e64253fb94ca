using System.Numerics;
using System.Runtime.CompilerServices;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>For any processor; what the others are tested against.</summary>
internal readonly struct ScalarKernel : ISketchKernel
{
    public static bool AnyBelow(ref readonly ulong block, ReadOnlySpan<ulong> query, ulong bound, Span<ulong> distances)
    {
        var any = false;
        for (var lane = 0; lane < SketchScan.Lanes; lane++)
        {
            var distance = 0;
            for (var word = 0; word < query.Length; word++)
            {
                distance += BitOperations.PopCount(Unsafe.Add(ref Unsafe.AsRef(in block), (word * SketchScan.Lanes) + lane) ^ query[word]);
            }

            distances[lane] = (ulong)distance;
            any |= (ulong)distance < bound;
        }

        return any;
    }
}

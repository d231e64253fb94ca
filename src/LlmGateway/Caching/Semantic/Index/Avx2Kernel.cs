using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>Two times four sketches at once. Bits are counted by looking up halves of bytes, and summed at the end.</summary>
internal readonly struct Avx2Kernel : ISketchKernel
{
    public static bool IsSupported => Avx2.IsSupported;

    public static bool AnyBelow(ref readonly ulong block, ReadOnlySpan<ulong> query, ulong bound, Span<ulong> distances)
    {
        var (left, right) = (Vector256<ulong>.Zero, Vector256<ulong>.Zero);
        for (var from = 0; from < query.Length; from += SketchScan.MostWordsInBytes)
        {
            var to = Math.Min(query.Length, from + SketchScan.MostWordsInBytes);
            var (leftBytes, rightBytes) = (Vector256<byte>.Zero, Vector256<byte>.Zero);
            for (var word = from; word < to; word++)
            {
                var asked = Vector256.Create(query[word]);
                var offset = (nuint)(word * SketchScan.Lanes);
                leftBytes += Count(Vector256.LoadUnsafe(in block, offset) ^ asked);
                rightBytes += Count(Vector256.LoadUnsafe(in block, offset + 4) ^ asked);
            }

            left += Avx2.SumAbsoluteDifferences(leftBytes, Vector256<byte>.Zero).AsUInt64();
            right += Avx2.SumAbsoluteDifferences(rightBytes, Vector256<byte>.Zero).AsUInt64();
        }

        var most = Vector256.Create(bound);
        if (!Vector256.LessThanAny(left, most) && !Vector256.LessThanAny(right, most))
        {
            return false;
        }

        left.CopyTo(distances);
        right.CopyTo(distances[4..]);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Count(Vector256<ulong> different)
    {
        var bitsOfHalf = Vector256.Create(Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
        var half = Vector256.Create((byte)0x0F);
        return Avx2.Shuffle(bitsOfHalf, different.AsByte() & half) +
            Avx2.Shuffle(bitsOfHalf, Vector256.ShiftRightLogical(different.AsUInt16(), 4).AsByte() & half);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>As <see cref="Avx2Kernel"/>, eight sketches at once. (VPOPCNTQ would do it in one instruction; .NET 10 does not offer it.)</summary>
internal readonly struct Avx512Kernel : ISketchKernel
{
    public static bool IsSupported => Avx512BW.IsSupported;

    public static bool AnyBelow(ref readonly ulong block, ReadOnlySpan<ulong> query, ulong bound, Span<ulong> distances)
    {
        var sums = Vector512<ulong>.Zero;
        for (var from = 0; from < query.Length; from += SketchScan.MostWordsInBytes)
        {
            var to = Math.Min(query.Length, from + SketchScan.MostWordsInBytes);
            var bytes = Vector512<byte>.Zero;
            for (var word = from; word < to; word++)
            {
                bytes += Count(Vector512.LoadUnsafe(in block, (nuint)(word * SketchScan.Lanes)) ^ Vector512.Create(query[word]));
            }

            sums += Avx512BW.SumAbsoluteDifferences(bytes, Vector512<byte>.Zero).AsUInt64();
        }

        if (!Vector512.LessThanAny(sums, Vector512.Create(bound)))
        {
            return false;
        }

        sums.CopyTo(distances);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Count(Vector512<ulong> different)
    {
        var bitsOfHalf = Vector512.Create(Vector256.Create(Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4)));
        var half = Vector512.Create((byte)0x0F);
        return Avx512BW.Shuffle(bitsOfHalf, different.AsByte() & half) +
            Avx512BW.Shuffle(bitsOfHalf, Vector512.ShiftRightLogical(different.AsUInt16(), 4).AsByte() & half);
    }
}

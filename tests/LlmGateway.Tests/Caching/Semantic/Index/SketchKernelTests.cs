using CsCheck;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Index;

public class SketchKernelTests
{
    // Around 31 words, bits no longer fit in the bytes that they are counted in.
    private static readonly Gen<(ulong[] Block, ulong[] Query, ulong Bound)> Case =
        Gen.OneOf(Gen.Int[1, 10], Gen.Int[28, 34], Gen.Int[60, 64]).SelectMany(words => Gen.Select(
            Gen.OneOf(Gen.ULong, Gen.Const(0UL), Gen.Const(ulong.MaxValue)).Array[words * SketchScan.Lanes],
            Gen.OneOf(Gen.ULong, Gen.Const(0UL), Gen.Const(ulong.MaxValue)).Array[words],
            Gen.ULong[0, (ulong)words * 64 + 1]));

    [Fact]
    public void Every_kernel_that_runs_here_counts_as_the_scalar_one_does()
    {
        var run = 0;
        Case.Sample((block, query, bound) =>
        {
            run += Avx2Kernel.IsSupported ? Compare<Avx2Kernel>(block, query, bound) : 0;
            run += Avx512Kernel.IsSupported ? Compare<Avx512Kernel>(block, query, bound) : 0;
        }, iter: 5000, threads: 1);

        Assert.Equal(Avx2Kernel.IsSupported || Avx512Kernel.IsSupported, run > 0);
    }

    [Fact]
    public void The_scalar_one_counts_bits()
    {
        var block = new ulong[2 * SketchScan.Lanes];
        block[3] = 0b1011; // the first word of the fourth
        block[SketchScan.Lanes + 3] = ulong.MaxValue; // its second
        var distances = new ulong[SketchScan.Lanes];

        Assert.True(ScalarKernel.AnyBelow(in block[0], [0b0001, 0], 1, distances) is false);
        Assert.True(ScalarKernel.AnyBelow(in block[0], [0b0001, 0], 2, distances));
        Assert.Equal([1, 1, 1, 2 + 64, 1, 1, 1, 1], distances);
    }

    private static int Compare<TKernel>(ulong[] block, ulong[] query, ulong bound)
        where TKernel : ISketchKernel
    {
        var (expected, actual) = (new ulong[SketchScan.Lanes], new ulong[SketchScan.Lanes]);
        var any = ScalarKernel.AnyBelow(in block[0], query, bound, expected);

        Assert.Equal(any, TKernel.AnyBelow(in block[0], query, bound, actual));
        if (any)
        {
            Assert.Equal(expected, actual);
        }

        return 1;
    }
}

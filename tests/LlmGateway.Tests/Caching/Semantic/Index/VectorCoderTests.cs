using CsCheck;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Index;

public class VectorCoderTests
{
    private static readonly Gen<int> Dimensions = Gen.OneOf(Gen.Int[8, 80], Gen.OneOf(256, 300, 384, 768, 1024, 1536, 4096));

    [Fact]
    public void What_is_held_has_the_cosines_that_the_vectors_have() =>
        Gen.Select(Dimensions, Gen.Int).Sample((dimensions, seed) =>
        {
            var random = new Random(seed);
            var one = Vectors.Random(random, dimensions);
            var other = Vectors.Near(one, random.NextDouble(), random);
            var coder = new VectorCoder(dimensions);
            float[] rotatedOne = new float[dimensions], rotatedOther = new float[dimensions];
            Assert.True(coder.TryRotate(one, rotatedOne));
            Assert.True(coder.TryRotate(other, rotatedOther));
            var codes = new sbyte[dimensions];
            var scale = VectorCoder.Quantise(rotatedOther, codes);

            var cosine = Vectors.Cosine(one, other);
            Assert.Equal(cosine, Vectors.Cosine(rotatedOne, rotatedOther), 1e-4);
            Assert.Equal(cosine, VectorCoder.Dot(rotatedOne, codes) * scale, 0.01);
        }, iter: 500);

    /// <summary>Texts of a few words have most of their dimensions at zero, where signs tell nothing.</summary>
    [Fact]
    public void Of_a_vector_with_three_dimensions_that_are_not_zero_half_of_the_bits_are_set()
    {
        var vector = new float[256];
        (vector[3], vector[77], vector[200]) = (1f, -0.5f, 0.25f);
        var coder = new VectorCoder(256);
        var rotated = new float[256];
        var sketch = new ulong[coder.Words];
        coder.TryRotate(vector, rotated);
        VectorCoder.Sketch(rotated, sketch);

        Assert.InRange(sketch.Sum(word => ulong.PopCount(word) is var bits ? (int)bits : 0), 64, 192);
    }

    /// <summary>Entries travel between nodes, and from one release to the next, as vectors; what is made of them is the same everywhere.</summary>
    [Fact]
    public void A_sketch_is_the_same_on_every_host()
    {
        var coder = new VectorCoder(96);
        var rotated = new float[96];
        var sketch = new ulong[coder.Words];
        coder.TryRotate([.. Enumerable.Range(0, 96).Select(i => (float)((i * 37 % 19) - 9))], rotated);
        VectorCoder.Sketch(rotated, sketch);

        Assert.Equal("9fea279629c3c13d 0000000021d31c54", string.Join(' ', sketch.Select(word => word.ToString("x16"))));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void What_has_no_direction_is_told(float value)
    {
        var vector = Enumerable.Repeat(value, 16).ToArray();

        Assert.False(new VectorCoder(16).TryRotate(vector, new float[16]));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(4097)]
    public void Dimensions_have_bounds(int dimensions) => Assert.Throws<ArgumentOutOfRangeException>(() => new VectorCoder(dimensions));
}

using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>Makes of a vector what the index holds of it: a bit and a byte for each dimension.</summary>
/// <remarks>
/// A vector is turned first, always by the same rotation, which changes no cosine. Hashed n-grams of a short text are zero in most
/// dimensions, so that their signs say nothing; after the rotation each sign depends on all of them.
/// </remarks>
internal sealed class VectorCoder
{
    public const int LeastDimensions = 8;
    public const int MostDimensions = 4096;

    private const int Rounds = 2;
    private const float LeastSquare = 1e-12f;

    private readonly float[] _signs;
    private readonly int _span;

    public VectorCoder(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, LeastDimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MostDimensions);
        Dimensions = dimensions;
        Words = (dimensions + 63) / 64;
        _span = 1 << BitOperations.Log2((uint)dimensions);
        _signs = Signs(Rounds * dimensions);
    }

    public int Dimensions { get; }

    /// <summary>Of a sketch, 64 bits each.</summary>
    public int Words { get; }

    /// <summary>Turned, and of unit length. False where a vector has no direction: it is zero, or not finite.</summary>
    public bool TryRotate(ReadOnlySpan<float> vector, Span<float> rotated)
    {
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException($"The index holds vectors of {Dimensions} dimensions, and this one has {vector.Length}.", nameof(vector));
        }

        var square = 0f;
        foreach (var value in vector)
        {
            square += value * value;
        }

        if (!float.IsFinite(square) || square < LeastSquare)
        {
            return false;
        }

        vector.CopyTo(rotated);
        var length = 1f / MathF.Sqrt(square);
        for (var round = 0; round < Rounds; round++)
        {
            Multiply(rotated, _signs.AsSpan(round * Dimensions, Dimensions), round == 0 ? length : 1f);
            Hadamard(rotated[.._span]);
            if (_span != Dimensions)
            {
                // The rest, with enough of what is done to mix it.
                Hadamard(rotated[^_span..]);
            }
        }

        return true;
    }

    public static void Sketch(ReadOnlySpan<float> rotated, Span<ulong> words)
    {
        words.Clear();
        for (var i = 0; i < rotated.Length; i++)
        {
            words[i >> 6] |= (ulong)(rotated[i] > 0 ? 1 : 0) << (i & 63);
        }
    }

    /// <returns>What the product with the codes is multiplied by to be a cosine.</returns>
    public static float Quantise(ReadOnlySpan<float> rotated, Span<sbyte> codes)
    {
        var most = 0f;
        foreach (var value in rotated)
        {
            most = Math.Max(most, Math.Abs(value));
        }

        var (factor, square) = (sbyte.MaxValue / most, 0);
        for (var i = 0; i < rotated.Length; i++)
        {
            var code = (int)MathF.Round(rotated[i] * factor);
            codes[i] = (sbyte)code;
            square += code * code;
        }

        return 1f / MathF.Sqrt(square);
    }

    public static float Dot(ReadOnlySpan<float> rotated, ReadOnlySpan<sbyte> codes)
    {
        ref var values = ref MemoryMarshal.GetReference(rotated);
        ref var bytes = ref MemoryMarshal.GetReference(codes);
        var (sum, i) = (Vector256<float>.Zero, 0);
        for (; i + 16 <= rotated.Length; i += 16)
        {
            var shorts = Vector256.WidenLower(Vector128.LoadUnsafe(ref bytes, (nuint)i).ToVector256Unsafe());
            sum += Vector256.LoadUnsafe(ref values, (nuint)i) * Vector256.ConvertToSingle(Vector256.WidenLower(shorts));
            sum += Vector256.LoadUnsafe(ref values, (nuint)i + 8) * Vector256.ConvertToSingle(Vector256.WidenUpper(shorts));
        }

        var total = Vector256.Sum(sum);
        for (; i < rotated.Length; i++)
        {
            total += rotated[i] * codes[i];
        }

        return total;
    }

    private static void Multiply(Span<float> values, ReadOnlySpan<float> signs, float factor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= signs[i] * factor;
        }
    }

    // Sums and differences at all distances: every value comes to depend on every other.
    private static void Hadamard(Span<float> values)
    {
        for (var half = 1; half < values.Length; half <<= 1)
        {
            for (var from = 0; from < values.Length; from += 2 * half)
            {
                Butterfly(values.Slice(from, half), values.Slice(from + half, half));
            }
        }

        var scale = 1f / MathF.Sqrt(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= scale;
        }
    }

    private static void Butterfly(Span<float> lower, Span<float> upper)
    {
        ref var a = ref MemoryMarshal.GetReference(lower);
        ref var b = ref MemoryMarshal.GetReference(upper);
        nuint i = 0;
        for (; i + 8 <= (nuint)lower.Length; i += 8)
        {
            var (x, y) = (Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i));
            (x + y).StoreUnsafe(ref a, i);
            (x - y).StoreUnsafe(ref b, i);
        }

        for (var rest = (int)i; rest < lower.Length; rest++)
        {
            (lower[rest], upper[rest]) = (lower[rest] + upper[rest], lower[rest] - upper[rest]);
        }
    }

    // SplitMix64 from a seed of ours: the same on every node, since nodes exchange entries, and in every release.
    private static float[] Signs(int count)
    {
        var signs = new float[count];
        var state = 0x6C6C6D6761746577UL;
        for (var i = 0; i < count; i++)
        {
            state += 0x9E3779B97F4A7C15UL;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            signs[i] = (mixed ^ (mixed >> 31)) >> 63 == 0 ? 1f : -1f;
        }

        return signs;
    }
}

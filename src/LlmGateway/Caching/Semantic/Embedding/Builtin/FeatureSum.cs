using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LlmGateway.Caching.Semantic.Embedding.Builtin;

/// <summary>Features of a text by their hashes, each with its weight; then all of them as one vector.</summary>
internal ref struct FeatureSum(int room)
{
    private readonly ulong[] _hashes = ArrayPool<ulong>.Shared.Rent(room);
    private readonly float[] _weights = ArrayPool<float>.Shared.Rent(room);
    private int _count;

    /// <param name="kind">Keeps a word from being taken for the same letters in another place.</param>
    public static ulong Hash(ReadOnlySpan<char> characters, int kind) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(characters), kind);

    public void Add(ulong hash, float weight)
    {
        _hashes[_count] = hash;
        _weights[_count++] = weight;
    }

    /// <summary>Each hash names a dimension and a sign, so that what falls together cancels out on average.</summary>
    /// <returns>Of unit length; null where there were no features.</returns>
    public readonly float[]? ToVector(int dimensions)
    {
        // Together what is the same: a feature that is there n times counts 1 + ln n.
        Array.Sort(_hashes, _weights, 0, _count);
        var vector = new float[dimensions];
        for (var i = 0; i < _count;)
        {
            var (hash, weight, from) = (_hashes[i], 0f, i);
            for (; i < _count && _hashes[i] == hash; i++)
            {
                weight += _weights[i];
            }

            var times = i - from;
            weight *= times == 1 ? 1f : (1f + MathF.Log(times)) / times;
            vector[(int)(hash % (ulong)dimensions)] += hash >> 63 == 0 ? weight : -weight;
        }

        return Normalise(vector);
    }

    public readonly void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_hashes);
        ArrayPool<float>.Shared.Return(_weights);
    }

    private static float[]? Normalise(float[] vector)
    {
        var square = 0f;
        foreach (var value in vector)
        {
            square += value * value;
        }

        if (square < 1e-6f)
        {
            return null;
        }

        var length = MathF.Sqrt(square);
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] /= length;
        }

        return vector;
    }
}

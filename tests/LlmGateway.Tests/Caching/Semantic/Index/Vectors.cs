using System.Numerics;

namespace LlmGateway.Tests.Caching.Semantic.Index;

/// <summary>Vectors by a seed, and the plain arithmetic that the index is held against.</summary>
internal static class Vectors
{
    public static float[] Random(Random random, int dimensions)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            vector[i] = Normal(random);
        }

        return vector;
    }

    /// <summary>At about the given cosine to another.</summary>
    public static float[] Near(float[] other, double cosine, Random random)
    {
        var noise = Random(random, other.Length);
        var (along, length) = (Dot(noise, other) / Dot(other, other), Math.Sqrt(Dot(other, other)));
        var across = noise.Zip(other, (n, o) => n - (float)(along * o)).ToArray();
        var scale = length / Math.Sqrt(Dot(across, across)) * Math.Sqrt(1 - (cosine * cosine));
        return [.. other.Zip(across, (o, a) => (float)((cosine * o) + (scale * a)))];
    }

    public static double Cosine(float[] left, float[] right) => Dot(left, right) / Math.Sqrt(Dot(left, left) * Dot(right, right));

    private static double Dot(float[] left, float[] right)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i + Vector<float>.Count <= left.Length; i += Vector<float>.Count)
        {
            sum += new Vector<float>(left, i) * new Vector<float>(right, i);
        }

        double total = Vector.Sum(sum);
        for (; i < left.Length; i++)
        {
            total += (double)left[i] * right[i];
        }

        return total;
    }

    private static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}

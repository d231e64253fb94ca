namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Looks at a vector that came from outside before anything is compared with it.</summary>
internal static class UnitVector
{
    private const double LeastLength = 1e-6;

    /// <returns>A copy of unit length, or what is wrong with it.</returns>
    public static EmbeddingResult From(ReadOnlySpan<float> vector, int dimensions)
    {
        if (vector.Length != dimensions)
        {
            return EmbeddingResult.Without(EmbeddingGap.WrongLength);
        }

        var square = 0d;
        foreach (var value in vector)
        {
            square += (double)value * value;
        }

        if (!double.IsFinite(square))
        {
            return EmbeddingResult.Without(EmbeddingGap.NotFinite);
        }

        var length = Math.Sqrt(square);
        if (length < LeastLength)
        {
            return EmbeddingResult.Without(EmbeddingGap.Zero);
        }

        var unit = new float[dimensions];
        for (var i = 0; i < unit.Length; i++)
        {
            unit[i] = (float)(vector[i] / length);
        }

        return EmbeddingResult.Of(unit);
    }

    /// <summary>Of two vectors of unit length.</summary>
    public static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0d;
        for (var i = 0; i < left.Length; i++)
        {
            sum += (double)left[i] * right[i];
        }

        return sum;
    }
}

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>What the index holds of a vector.</summary>
/// <param name="scale">See <see cref="VectorCoder.Quantise"/>.</param>
internal readonly ref struct EncodedVector(ReadOnlySpan<ulong> sketch, ReadOnlySpan<sbyte> codes, float scale)
{
    public ReadOnlySpan<ulong> Sketch { get; } = sketch;

    public ReadOnlySpan<sbyte> Codes { get; } = codes;

    public float Scale { get; } = scale;
}

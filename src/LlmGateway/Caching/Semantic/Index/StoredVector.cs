namespace LlmGateway.Caching.Semantic.Index;

/// <summary>What an index holds of a vector, outside of it: on its way to another, or to where it is kept.</summary>
/// <param name="Scale">See <see cref="VectorCoder.Quantise"/>.</param>
internal sealed record StoredVector(ulong[] Sketch, sbyte[] Codes, float Scale)
{
    public EncodedVector Encoded => new(Sketch, Codes, Scale);
}

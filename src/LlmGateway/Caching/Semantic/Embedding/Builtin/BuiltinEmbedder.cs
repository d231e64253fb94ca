using System.Buffers;

namespace LlmGateway.Caching.Semantic.Embedding.Builtin;

/// <summary>
/// Vectors of hashed words and pieces of words, for English and Chinese and whatever is written alike: nothing to install, nothing trained,
/// some microseconds a text, and no text leaves the gateway.
/// </summary>
/// <remarks>
/// It is weaker than a real model. It sees that two texts share words, forms of words and pieces of words; it knows no synonyms, nothing of
/// what a word means beside others, and no two languages by each other. For more, configure a deployment that makes embeddings.
/// </remarks>
internal sealed class BuiltinEmbedder : IEmbedder
{
    public const string Name = "builtin";

    private const int MostCharacters = 4000;

    /// <summary>The number goes up with any change that changes a vector.</summary>
    public string Id => "builtin/hashed-n-grams/1/256";

    public int Dimensions => 256;

    public ValueTask<EmbeddingResult> EmbedAsync(string text, EmbeddingContext context, CancellationToken cancellation) => new(Embed(text));

    public EmbeddingResult Embed(ReadOnlySpan<char> text)
    {
        if (text.Length > MostCharacters)
        {
            return EmbeddingResult.Without(EmbeddingGap.TooLong);
        }

        var folded = ArrayPool<char>.Shared.Rent(text.Length);
        var features = new FeatureSum(TextFeatures.Most(text.Length));
        TextFeatures.Add(folded.AsSpan(0, TextFold.Fold(text, folded)), ref features);
        var vector = features.ToVector(Dimensions);
        features.Dispose();
        ArrayPool<char>.Shared.Return(folded);
        return vector is null ? EmbeddingResult.Without(EmbeddingGap.Empty) : EmbeddingResult.Of(vector);
    }
}

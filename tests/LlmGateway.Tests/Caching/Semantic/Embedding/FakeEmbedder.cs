using LlmGateway.Caching.Semantic.Embedding;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

/// <summary>An embedder whose vectors a test makes.</summary>
internal sealed class FakeEmbedder(Func<string, EmbeddingResult> embed) : IEmbedder
{
    public int Calls { get; private set; }

    public string Id => "fake";

    public int Dimensions => 256;

    public ValueTask<EmbeddingResult> EmbedAsync(string text, EmbeddingContext context, CancellationToken cancellation)
    {
        Calls++;
        return new(embed(text));
    }
}

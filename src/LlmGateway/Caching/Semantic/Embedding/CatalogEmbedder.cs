using LlmGateway.Configuration;

namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>
/// An embedder over a deployment of the catalog. The text goes to its provider, so no tenant's goes there unless the tenant has consented; by the
/// snapshot of the time, so that who takes it back is heard at once.
/// </summary>
internal sealed class CatalogEmbedder(IEmbedder inner, ISnapshotSource snapshots) : IEmbedder
{
    public string Id => inner.Id;

    public int Dimensions => inner.Dimensions;

    public ValueTask<EmbeddingResult> EmbedAsync(string text, EmbeddingContext context, CancellationToken cancellation) =>
        context.IsNobody || snapshots.Current.Tenants.GetValueOrDefault(context.Tenant) is { SemanticConsent: true }
            ? inner.EmbedAsync(text, context, cancellation)
            : new(EmbeddingResult.Without(EmbeddingGap.NoConsent));
}

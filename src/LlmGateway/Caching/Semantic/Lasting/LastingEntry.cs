using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>An entry that was read from where it is kept.</summary>
/// <param name="Embedder">Who made its vector.</param>
internal sealed record LastingEntry(SemanticEntry Entry, StoredVector Vector, string Embedder);

using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Caching.Semantic;

/// <summary>A question whose real answer has come, and an entry that would have answered it.</summary>
/// <param name="Found">The entry.</param>
/// <param name="FoundAnswer">What it holds; null where that was not looked up yet.</param>
/// <param name="Real">What a provider said.</param>
/// <param name="Label">Of a hit; null for a near miss, which counts for no proof.</param>
internal sealed record LabelJob(SemanticQuestion Question, SemanticEntry Found, CacheEntry? FoundAnswer, CacheEntry Real, PendingLabel? Label)
{
    /// <summary>That it holds in memory.</summary>
    public long Bytes => Real.Document.Length + (FoundAnswer?.Document.Length ?? 0);
}

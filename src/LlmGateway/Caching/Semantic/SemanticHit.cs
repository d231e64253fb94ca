using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Caching.Semantic;

/// <summary>An entry that has passed every stage.</summary>
/// <param name="Answer">What it holds.</param>
/// <param name="Served">False for one that would have been.</param>
/// <param name="Label">To be handed back with what the real answer says of it; null for one that was not chosen.</param>
internal sealed record SemanticHit(SemanticEntry Entry, CacheEntry Answer, bool Served, PendingLabel? Label);

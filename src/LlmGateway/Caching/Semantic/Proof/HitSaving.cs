using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>What one hit saves, or would have saved.</summary>
/// <param name="Money">What the stored answer had cost; null where that was not priced.</param>
/// <param name="Time">How long the stored answer had taken.</param>
internal readonly record struct HitSaving(Money? Money, TimeSpan Time);

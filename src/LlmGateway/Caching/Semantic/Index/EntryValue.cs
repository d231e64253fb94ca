namespace LlmGateway.Caching.Semantic.Index;

/// <summary>What decides how long an entry stays.</summary>
/// <param name="Saved">What a hit saves, in millionths of the base currency.</param>
/// <param name="Bytes">Of the stored answer: with what the index holds of it, what the entry takes.</param>
/// <param name="ExpiresAt">From then on it is not found.</param>
internal readonly record struct EntryValue(long Saved, int Bytes, DateTimeOffset ExpiresAt);

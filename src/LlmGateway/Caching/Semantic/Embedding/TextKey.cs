namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>A tenant's text, by half of its SHA-256.</summary>
internal readonly record struct TextKey(ulong First, ulong Second);

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>An entry that may mean the same.</summary>
/// <param name="Score">Cosine to what was asked for, -1 to 1, to about 0.005. It proposes, and never decides.</param>
internal readonly record struct VectorMatch(EntryId Id, float Score);

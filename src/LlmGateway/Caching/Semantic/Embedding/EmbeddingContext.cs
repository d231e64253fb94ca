namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>To whom an embedding is booked. Texts of two of these never go in one call.</summary>
internal readonly record struct EmbeddingContext(string Tenant, string Project, string KeyId);

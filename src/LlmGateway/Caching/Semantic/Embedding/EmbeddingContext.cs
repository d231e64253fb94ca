using LlmGateway.Gateway;

namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>To whom an embedding is booked, as <see cref="Payer"/> has it. Texts of two of these never go in one call: a call is one row.</summary>
/// <param name="Tenant">Empty for nobody, whose only texts are those of a probe.</param>
internal readonly record struct EmbeddingContext(string Tenant, string Project, string KeyId, string? Route = null, string? User = null, string Tags = "")
{
    public static readonly EmbeddingContext Nobody = new("", "", "");

    public bool IsNobody => Tenant.Length == 0;

    /// <summary>Null for nobody.</summary>
    public Payer? Payer => IsNobody ? null : new Payer(Tenant, Project, KeyId, Route, User, Tags);
}

using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Gateway;

namespace LlmGateway.Caching.Semantic;

/// <summary>Who asked, as it is remembered after the exchange has ended.</summary>
/// <param name="User">The end user; null where nobody said.</param>
internal sealed record SemanticAsker(string Tenant, string Project, string KeyId, string? User, string RequestId, string OperationId)
{
    /// <summary>To whom vectors are booked.</summary>
    public EmbeddingContext Context => new(Tenant, Project, KeyId);

    public static SemanticAsker Of(Exchange exchange) => new(
        exchange.Key!.Tenant, exchange.Key.Project, exchange.Key.Id, exchange.User, exchange.RequestId, exchange.OperationId.ToString("D"));

    /// <summary>Whether the other is somebody else, as far as can be known: by another key, or for another end user.</summary>
    public bool IsNot(SemanticAsker other) => KeyId != other.KeyId || User != other.User;
}

using System.Text;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Gateway;

namespace LlmGateway.Caching.Semantic;

/// <summary>Who asked, as it is remembered after the exchange has ended.</summary>
/// <param name="User">The end user; null where nobody said.</param>
/// <param name="Tags">For the books, one JSON object; empty for none, and in entries, which are kept for long.</param>
internal sealed record SemanticAsker(string Tenant, string Project, string KeyId, string? User, string RequestId, string OperationId, string? Route = null, string Tags = "")
{
    /// <summary>To whom vectors are booked.</summary>
    public EmbeddingContext Context => new(Tenant, Project, KeyId, Route, User, Tags);

    /// <summary>To whom a judge is booked.</summary>
    public Payer Payer => new(Tenant, Project, KeyId, Route, User, Tags);

    public static SemanticAsker Of(Exchange exchange) => new(
        exchange.Key!.Tenant, exchange.Key.Project, exchange.Key.Id, exchange.User, exchange.RequestId, exchange.OperationId.ToString("D"),
        exchange.Route, Encoding.UTF8.GetString(exchange.Tags.Span));

    /// <summary>Whether the other is somebody else, as far as can be known: by another key, or for another end user.</summary>
    public bool IsNot(SemanticAsker other) => KeyId != other.KeyId || User != other.User;
}

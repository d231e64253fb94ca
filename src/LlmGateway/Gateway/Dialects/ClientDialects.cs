using LlmGateway.Catalog;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Gateway.Dialects;

/// <summary>The dialects that are translated at the edge.</summary>
internal static class ClientDialects
{
    /// <summary>Anthropic Messages.</summary>
    public static ClientDialect Messages { get; } = new(EndpointKind.Messages, Dialect.Anthropic, MessagesToChatTranslator.Translate);

    /// <summary>OpenAI Responses.</summary>
    public static ClientDialect Responses { get; } = new(EndpointKind.Responses, Dialect.OpenAI, ResponsesToChatTranslator.Translate);
}

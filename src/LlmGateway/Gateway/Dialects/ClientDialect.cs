using LlmGateway.Catalog;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Gateway.Dialects;

/// <summary>
/// A dialect other than chat completions that clients may speak. Its requests become chat requests at the edge, and answers are translated back
/// there: every room between sees chat alone, and so answers are kept, shared and continued across dialects.
/// </summary>
internal sealed class ClientDialect(EndpointKind door, Dialect dialect, Func<ReadOnlyMemory<byte>, TranslatedRequest> translate)
{
    /// <summary>The endpoint that the client called; what the ledger and the metrics call it.</summary>
    public EndpointKind Door { get; } = door;

    public Dialect Dialect { get; } = dialect;

    /// <summary>Writes errors of requests that were not read.</summary>
    public IAnswerTranslator Errors { get; } = translate(ReadOnlyMemory<byte>.Empty).Answer;

    /// <summary>The chat request that a body asks for, or what is wrong with it.</summary>
    public TranslatedRequest Translate(ReadOnlyMemory<byte> body) => translate(body);
}

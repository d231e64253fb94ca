using LlmGateway.Catalog;
using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>A call that no client asked for.</summary>
internal sealed record AsideCall
{
    /// <summary>
    /// Whom to ask. What the snapshot of the time has under its name is asked, with the credentials that are in force then; unless that is another
    /// model by now, or elsewhere.
    /// </summary>
    public required Deployment Deployment { get; init; }

    /// <summary>Chat completions, not streamed; or embeddings.</summary>
    public required EndpointKind Endpoint { get; init; }

    /// <summary>A request in JSON as a client would send it. Its <c>model</c> is what the ledger says was asked for.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required AttemptCause Cause { get; init; }

    /// <summary>To whom it is booked; null for nobody, which only what is no text of a tenant may be.</summary>
    public required Payer? Payer { get; init; }

    /// <summary>How long the whole answer may take.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Of the output, in tokens; sent by the name that the provider knows. Null for none beside what the body says.</summary>
    public long? MaxOutput { get; init; }
}

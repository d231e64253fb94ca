using System.Buffers;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>
/// A request body as it was received, with what one pass over it found. The bytes are never changed: an attempt sends them with
/// the edits that it needs, so that another attempt can start from the same original.
/// Disposed at the end of the exchange: the bytes go back to their pool, and an attempt that still sends them finds its stream closed.
/// </summary>
internal sealed class InferenceRequest : IDisposable
{
    private readonly ReadOnlyMemory<byte> _body;

    /// <summary>The body as received, without a byte order mark. Valid until the exchange ends.</summary>
    public required ReadOnlyMemory<byte> Body
    {
        get
        {
            ObjectDisposedException.ThrowIf(Owner is { IsReturned: true }, this);
            return _body;
        }
        init => _body = value;
    }

    /// <summary>Whose memory the body is; null for bytes that nobody takes back.</summary>
    public RequestBuffer? Owner { get; init; }

    /// <summary>The <c>model</c> member: what the client asked for.</summary>
    public required string Model { get; init; }

    /// <summary>It was made from a request of another dialect, without white space; the client has not written it.</summary>
    public bool IsTranslated { get; set; }

    /// <summary>The client wants a stream. Always false for embeddings, which have none.</summary>
    public bool Stream { get; init; }

    /// <summary>The client asked for usage in the stream (<c>stream_options.include_usage</c>).</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Largest output that the client allows, in tokens, for one choice; null when it set none.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>How many answers will be generated: choices (<c>n</c>, <c>best_of</c>) times prompts.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>How many of them come back: <c>n</c> times prompts; <c>best_of</c> is the provider's own affair.</summary>
    public int Returned { get; init; } = 1;

    /// <summary>What a deployment must be able to do.</summary>
    public Capabilities Needs { get; init; }

    /// <summary>A cheap estimate of the input, from the size of the text; a tokenizer counts where it is billed from.</summary>
    public long InputTokenEstimate { get; init; }

    /// <summary>The <c>user</c> member, else <c>safety_identifier</c>.</summary>
    public string? User { get; init; }

    /// <summary>One of them is there, but is no text to attribute by: too long, or with control characters.</summary>
    public bool UserDropped { get; init; }

    /// <summary>The <c>metadata</c> member as it stands in the body, a JSON object; empty for none.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>The <c>fallbacks</c> member: what to try when the model asked for cannot answer.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    /// <summary>Places of the body that an attempt edits.</summary>
    public required BodyMarks Marks { get; init; }

    /// <summary>
    /// What an attempt at <paramref name="deployment"/> sends. <paramref name="askUsage"/>: ask for usage in a stream, as every provider
    /// wants it that does not refuse <c>stream_options</c>. <paramref name="prefix"/>: the beginning of the answer, as the content of a JSON
    /// string without its quotes, that the deployment shall go on from; empty to begin anew, as every endpoint but chat does.
    /// <paramref name="bound"/>: on the output of a choice, where the client set none; <paramref name="asCompletionTokens"/>: by which name.
    /// </summary>
    public OutgoingBody For(
        Deployment deployment, bool askUsage, ReadOnlyMemory<byte> prefix = default, long? bound = null, bool asCompletionTokens = false) =>
        RequestRewriter.Rewrite(
            this, ModelLiteral.Of(deployment), askUsage, PrefixMessage.For(this, deployment.Provider.Profile, prefix), new AddedBound(bound ?? 0, asCompletionTokens));

    /// <summary>Copies all text that a model would read (messages, tools, input), unescaped, for counting tokens. Not for the hot path.</summary>
    public void CopyText(IBufferWriter<byte> destination) => RequestText.Copy(Body.Span, destination);

    /// <summary>The request as bytes to know its like by, and what decides whether its answer may be kept; the caller disposes of it.</summary>
    public CanonicalRequest Canonical(EndpointKind endpoint) => CanonicalRequest.Of(this, endpoint);

    /// <summary>The same request in memory of its own, for what outlives the exchange.</summary>
    public InferenceRequest Copy(EndpointKind endpoint) => InputSubset.Copy(this, endpoint);

    public void Dispose() => Owner?.Dispose();
}

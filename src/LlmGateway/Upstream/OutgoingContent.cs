using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using LlmGateway.Requests;

namespace LlmGateway.Upstream;

/// <summary>The body of an attempt, as the connection takes it. May be taken again from the beginning, should a pooled connection prove dead.</summary>
internal sealed class OutgoingContent : HttpContent
{
    /// <summary>Under which a request carries it past YARP.</summary>
    public static readonly HttpRequestOptionsKey<OutgoingContent> Key = new("llmgateway.content");

    private const int Piece = 16 * 1024;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly OutgoingBody _body;

    public OutgoingContent(OutgoingBody body)
    {
        _body = body;
        Headers.ContentType = Json;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var source = _body.OpenRead();
        var piece = ArrayPool<byte>.Shared.Rent((int)Math.Min(_body.Length, Piece));
        try
        {
            int read;
            while ((read = await source.ReadAsync(piece, cancellationToken)) > 0)
            {
                await stream.WriteAsync(piece.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}

/// <summary>
/// Puts the body in YARP's place. YARP's own content sends the head of a request by itself, to be quick with uploads that trickle in; ours
/// is here whole, and head and body in one piece save a system call and a copy a request.
/// </summary>
internal sealed class OutgoingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Options.TryGetValue(OutgoingContent.Key, out var content))
        {
            request.Content = content;
        }

        return base.SendAsync(request, cancellationToken);
    }
}

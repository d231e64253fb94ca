using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>Reads a request body in one pass over its UTF-8, without building a document.</summary>
internal static class RequestReader
{
    /// <summary>Longest model name, in characters.</summary>
    public const int MaxModelLength = 256;

    /// <summary>Deepest nesting of the body.</summary>
    public const int MaxDepth = 128;

    /// <summary>Most entries of <c>fallbacks</c>.</summary>
    public const int MaxFallbacks = 16;

    /// <summary>Most choices: with the bound on the output it is what a reservation is made from.</summary>
    public const int MaxChoices = 128;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Reads <paramref name="body"/>. The request takes over <paramref name="owner"/>, which its memory belongs to; where there is an error
    /// instead, the owner stays with the caller.
    /// </summary>
    public static bool TryRead(
        EndpointKind endpoint,
        ReadOnlyMemory<byte> body,
        RequestBuffer? owner,
        [NotNullWhen(true)] out InferenceRequest? request,
        [NotNullWhen(false)] out GatewayError? error)
    {
        // RFC 8259 forbids the mark to senders and lets readers ignore it; providers get the body without.
        if (body.Span.StartsWith(ByteOrderMark))
        {
            body = body[ByteOrderMark.Length..];
        }

        request = null;
        error = null;
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            error = RequestErrors.EmptyBody;
        }
        else if (!Utf8.IsValid(body.Span))
        {
            error = JsonFault.NotUtf8(body.Span);
        }
        else
        {
            var scan = new RequestScan(endpoint, body);
            try
            {
                error = scan.Run();
            }
            catch (JsonException e)
            {
                error = JsonFault.Describe(e, body.Span, scan.Depth);
            }

            request = error is null ? scan.ToRequest(owner) : null;
        }

        return request is not null;
    }
}

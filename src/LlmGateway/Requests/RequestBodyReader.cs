using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>A body, or why there is none.</summary>
internal readonly record struct RequestBodyResult(RequestBuffer? Buffer, GatewayError? Error);

/// <summary>Reads a request body once, up to a bound, into pooled memory.</summary>
internal static class RequestBodyReader
{
    private const int FirstChunk = 16 * 1024;

    // A client that announces the bound and then sends nothing must not hold that much memory.
    private const int LargestFirst = 256 * 1024;

    public static async ValueTask<RequestBodyResult> ReadAsync(HttpRequest request, long bound, CancellationToken cancellationToken)
    {
        // The bound itself and one byte more, which tells a body of that size from a longer one.
        var limit = (int)Math.Min(bound + 1, Array.MaxLength);
        if (request.ContentLength > bound || request.ContentLength >= limit)
        {
            return new(null, RequestErrors.TooLarge(bound));
        }

        // One more than announced: the read that finds the end needs room as well.
        var buffer = new RequestBuffer((int)Math.Min(request.ContentLength + 1 ?? FirstChunk, Math.Min(LargestFirst, limit)));
        try
        {
            while (true)
            {
                // Not cancelled: when the client leaves, the read fails by itself, and Kestrel logs an error for a read given up in the middle.
                var read = await request.Body.ReadAsync(buffer.GetSpace(limit), CancellationToken.None);
                if (read == 0)
                {
                    return new(buffer, null);
                }

                buffer.Advance(read);
                if (buffer.Received.Length == limit)
                {
                    buffer.Dispose();
                    return new(null, RequestErrors.TooLarge(bound));
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            buffer.Dispose();
            return new(null, Classify(e, bound, cancellationToken));
        }
    }

    private static GatewayError Classify(Exception e, long bound, CancellationToken cancellationToken) => e switch
    {
        _ when cancellationToken.IsCancellationRequested => RequestErrors.ClientGone,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => RequestErrors.TooLarge(bound),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => RequestErrors.TimedOut,
        BadHttpRequestException => RequestErrors.Broken,
        _ => RequestErrors.ClientGone,
    };
}

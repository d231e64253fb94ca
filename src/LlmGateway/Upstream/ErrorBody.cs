using System.Net.Http.Headers;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Upstream;

/// <summary>What a provider said when it refused or failed.</summary>
internal static class ErrorBody
{
    /// <summary>An explanation longer than this explains nothing more.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>What comes of it: the status and the headers are here already, and stand although the words break off.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken clientLeft, CancellationToken cancellationToken)
    {
        using var body = new PooledBody(4096);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            int read;
            while (body.Length < MaxLength && (read = await stream.ReadAsync(body.Free(), cancellationToken)) > 0)
            {
                body.Advance(read);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException && !clientLeft.IsCancellationRequested)
        {
        }

        return body.Span.ToArray();
    }

    public static (ErrorClass Class, UpstreamError Error, TimeSpan? RetryAfter) Classify(HttpResponseMessage response, ReadOnlySpan<byte> body, Attempt attempt)
    {
        var headers = response.Headers.NonValidated;
        var error = UpstreamErrorReader.Read(body);
        var asked = RateLimitHeaders.TryParseRetryAfter(Header(headers, "retry-after"), Header(headers, "retry-after-ms"), attempt.Clock.Now, out var delay);
        var kind = UpstreamErrorClassifier.Classify((int)response.StatusCode, attempt.Deployment.Provider.Profile, error, asked);
        return (kind, error, asked ? delay : error.RetryAfter);
    }

    private static string? Header(HttpHeadersNonValidated headers, string name) => headers.TryGetValues(name, out var values) ? values.ToString() : null;
}

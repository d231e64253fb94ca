using LlmGateway.Catalog;
using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>Takes our credential out of what a provider says of a failure: some quote the request, and clients and logs see their words.</summary>
internal static class Redaction
{
    private const string Mark = "***";

    /// <summary>So much of a credential at the end of a text that was cut there is no chance.</summary>
    private const int ShortestPiece = 4;

    public static UpstreamError? Apply(UpstreamError? error, Credential? credential)
    {
        if (error is null || credential is null || credential.Key.IsEmpty)
        {
            return error;
        }

        var secret = credential.Key.Reveal();
        return error with
        {
            Message = Clean(error.Message, secret),
            Type = error.Type is null ? null : Clean(error.Type, secret),
            Param = error.Param is null ? null : Clean(error.Param, secret),
            Code = error.Code is null ? null : Clean(error.Code, secret),
            Detail = error.Detail is null ? null : Clean(error.Detail, secret),
        };
    }

    private static string Clean(string text, string secret)
    {
        text = text.Replace(secret, Mark, StringComparison.Ordinal);
        for (var length = Math.Min(secret.Length - 1, text.Length); length >= ShortestPiece; length--)
        {
            if (text.AsSpan().EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
            {
                return string.Concat(text.AsSpan(0, text.Length - length), Mark);
            }
        }

        return text;
    }
}

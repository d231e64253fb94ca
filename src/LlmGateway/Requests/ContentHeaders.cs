using LlmGateway.Gateway;
using Microsoft.Extensions.Primitives;

namespace LlmGateway.Requests;

/// <summary>Whether a body is announced as what we read: JSON, not compressed.</summary>
internal static class ContentHeaders
{
    public static GatewayError? Check(HttpRequest request)
    {
        if (request.ContentType is { Length: > 0 } type && !IsJson(type))
        {
            return RequestErrors.ContentType(type);
        }

        // Unpacking would let a small body become a large one behind the bound, and the original could not be forwarded as it is.
        var encoding = request.Headers.ContentEncoding;
        return StringValues.IsNullOrEmpty(encoding) || string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase)
            ? null
            : RequestErrors.ContentEncoding(encoding.ToString());
    }

    private static bool IsJson(string contentType)
    {
        if (contentType == "application/json")
        {
            return true;
        }

        var semicolon = contentType.IndexOf(';');
        var type = (semicolon < 0 ? contentType : contentType.AsSpan(0, semicolon)).Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }
}

using System.Text;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Errors;

/// <summary>Reads the error body of any provider: OpenAI's object, the flat and the native forms, arrays, bare strings, HTML, nothing.</summary>
public static class UpstreamErrorReader
{
    private static readonly UpstreamError Nothing = new("", null, null, null);

    /// <summary>Reads one body, or the data of one error event. Never throws, whatever the bytes are.</summary>
    /// <param name="body">The body, whole or cut.</param>
    /// <param name="typeHeader">The value of <c>x-amzn-errortype</c>, where Bedrock puts the type; null when absent.</param>
    public static UpstreamError Read(ReadOnlySpan<byte> body, string? typeHeader = null)
    {
        var error = ReadBody(body[JsonBody.Start(body)..]);
        var header = AwsType(typeHeader);
        return error with
        {
            Type = header ?? error.Type,
            RetryAfter = error.RetryAfter ?? RetryHint.Find(error.Message),
        };
    }

    private static UpstreamError ReadBody(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return Nothing;
        if (body[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
            return FromText(body);
        try
        {
            var reader = JsonMembers.Open(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return FromJson(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut, broken, or with a member name that is no text (for which the BCL has InvalidOperationException).
            return FromText(body);
        }
    }

    private static UpstreamError FromJson(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 && root[0].ValueKind == JsonValueKind.Object)
            root = root[0];
        if (root.ValueKind != JsonValueKind.Object)
            return Nothing with { Message = ErrorText.Of(root, UpstreamError.MaxMessage) ?? "" };
        return ErrorMembers.Read(root);
    }

    private static UpstreamError FromText(ReadOnlySpan<byte> body)
    {
        // Four bytes are the longest character.
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, UpstreamError.MaxMessage * 4)]).Trim();
        return Nothing with { Message = ErrorText.Bound(text.StartsWith('<') ? HtmlTitle(text) : text, UpstreamError.MaxMessage) };
    }

    private static string HtmlTitle(string html)
    {
        var start = html.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        var end = start < 0 ? -1 : html.IndexOf("</title>", start, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? "an HTML page" : html[(start + "<title>".Length)..end].Trim();
    }

    // "ThrottlingException:http://internal.amazon.com/coral/…" and "aws.x#ThrottlingException" both occur.
    private static string? AwsType(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return null;
        var name = header.Split(':')[0];
        return ErrorText.Bound(name[(name.LastIndexOf('#') + 1)..].Trim(), UpstreamError.MaxName);
    }
}

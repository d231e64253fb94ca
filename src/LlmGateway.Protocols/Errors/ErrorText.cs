using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Errors;

/// <summary>Turns whatever stands where a text should be into a text.</summary>
internal static class ErrorText
{
    private const int MaxDepth = 4;

    public static string? Of(JsonElement element, int max, int depth = 0) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => Bound(Unescaped(element), max),
        JsonValueKind.Object when depth < MaxDepth => OfObject(element, max, depth) ?? Raw(element, max),
        JsonValueKind.Array when depth < MaxDepth => Joined(element, max, depth),
        _ => Raw(element, max),
    };

    /// <summary>Cuts without leaving half of a surrogate pair.</summary>
    public static string Bound(string text, int max)
    {
        if (text.Length <= max)
            return text;
        return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
    }

    private static string? OfObject(JsonElement element, int max, int depth)
    {
        foreach (var name in (ReadOnlySpan<string>)["message", "msg", "detail", "error", "text"])
        {
            if (!element.TryGetProperty(name, out var inner) || Of(inner, max, depth + 1) is not { Length: > 0 } text)
                continue;

            // A validation error of FastAPI says where: {"loc":["body","model"],"msg":"field required"}.
            return element.TryGetProperty("loc", out var place) && place.ValueKind == JsonValueKind.Array
                ? Bound($"{string.Join('.', place.EnumerateArray().Select(step => Of(step, UpstreamError.MaxName, MaxDepth)))}: {text}", max)
                : text;
        }

        return null;
    }

    private static string Joined(JsonElement array, int max, int depth)
    {
        var text = new StringBuilder();
        foreach (var item in array.EnumerateArray())
        {
            if (text.Length > max)
                break;
            text.Append(text.Length > 0 ? "; " : "").Append(Of(item, max, depth + 1));
        }

        return Bound(text.ToString(), max);
    }

    // GetString throws at unpaired surrogates, so the raw bytes are unescaped here.
    private static string Unescaped(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        var output = new ArrayBufferWriter<byte>(raw.Length);
        JsonText.Unescape(raw[1..^1], output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Raw(JsonElement element, int max) => Bound(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element)), max);
}

using System.Text.Json;

namespace LlmGateway.Protocols.Errors;

/// <summary>Finds the error inside an object and its four texts under the names that providers give them.</summary>
internal static class ErrorMembers
{
    private static readonly string[] Messages = ["message", "msg", "error_msg", "Message", "status_msg", "detail", "error_description"];
    private static readonly string[] Types = ["type", "__type"];
    private static readonly string[] Codes = ["code", "error_code", "Code", "status_code"];

    public static UpstreamError Read(JsonElement root)
    {
        var inner = Inner(root);
        if (inner.ValueKind != JsonValueKind.Object)
            return new UpstreamError(ErrorText.Of(inner, UpstreamError.MaxMessage) ?? "", Type(root), Name(root, "param"), First(root, Codes));
        return new UpstreamError(
            First(inner, Messages, UpstreamError.MaxMessage) ?? First(root, Messages, UpstreamError.MaxMessage) ?? "",
            Type(inner),
            Name(inner, "param"),
            First(inner, Codes))
        {
            Detail = ErrorDetails.Signals(inner),
            RetryAfter = ErrorDetails.RetryDelay(inner),
        };
    }

    // The first of the places where an error lives; the root itself for the flat forms.
    private static JsonElement Inner(JsonElement root)
    {
        foreach (var name in (ReadOnlySpan<string>)["error", "errors", "base_resp"])
        {
            if (TryGetSubstance(root, name, out var found))
                return FirstItem(found);
        }

        if (TryGetInner(root, "Response", "Error", out var error) || TryGetInner(root, "response", "error", out error))
            return error;
        if (root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array)
        {
            foreach (var choice in choices.EnumerateArray())
            {
                if (choice.ValueKind == JsonValueKind.Object && TryGetSubstance(choice, "error", out error))
                    return FirstItem(error);
            }
        }

        return root;
    }

    private static bool TryGetInner(JsonElement root, string outer, string name, out JsonElement error)
    {
        error = default;
        return root.TryGetProperty(outer, out var value) && value.ValueKind == JsonValueKind.Object && TryGetSubstance(value, name, out error);
    }

    private static JsonElement FirstItem(JsonElement error) =>
        error.ValueKind == JsonValueKind.Array && error.GetArrayLength() > 0 ? error[0] : error;

    private static bool TryGetSubstance(JsonElement element, string name, out JsonElement value) =>
        element.TryGetProperty(name, out value)
        && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String;

    // "error" is only the name of the envelope at Anthropic; a status is a name at Gemini and a number elsewhere.
    private static string? Type(JsonElement element)
    {
        if (First(element, Types) is { } type && type != "error")
            return type;
        return element.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String
            ? ErrorText.Of(status, UpstreamError.MaxName)
            : null;
    }

    private static string? First(JsonElement element, string[] names, int max = UpstreamError.MaxName)
    {
        foreach (var name in names)
        {
            if (Name(element, name, max) is { Length: > 0 } text)
                return text;
        }

        return null;
    }

    private static string? Name(JsonElement element, string name, int max = UpstreamError.MaxName) =>
        element.TryGetProperty(name, out var value) ? ErrorText.Of(value, max) : null;
}

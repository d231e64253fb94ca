using System.Text.Json;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Errors;

/// <summary>The signals below the surface of an error object.</summary>
internal static class ErrorDetails
{
    private const int MaxItems = 20;

    public static string? Signals(JsonElement error)
    {
        var found = new List<string>();
        Add(found, Member(Member(error, "innererror"), "code"));
        foreach (var detail in Items(error, "details"))
        {
            Add(found, Member(detail, "reason"));
            foreach (var violation in Items(detail, "violations"))
                Add(found, Member(violation, "quotaId"));
        }

        var metadata = Member(error, "metadata");
        Add(found, Member(metadata, "reasons"));
        Add(found, Member(metadata, "raw"));
        if (Member(metadata, "flagged_input").ValueKind == JsonValueKind.String)
            found.Add("flagged_input");
        return found.Count > 0 ? ErrorText.Bound(string.Join(' ', found), UpstreamError.MaxMessage) : null;
    }

    /// <summary>Gemini's RetryInfo, <c>"retryDelay":"34.4s"</c>.</summary>
    public static TimeSpan? RetryDelay(JsonElement error)
    {
        foreach (var detail in Items(error, "details"))
        {
            var text = ErrorText.Of(Member(detail, "retryDelay"), UpstreamError.MaxName);
            if (GoDuration.TryParse(text, out var delay))
                return delay;
        }

        return null;
    }

    private static void Add(List<string> found, JsonElement value)
    {
        if (ErrorText.Of(value, UpstreamError.MaxMessage) is { Length: > 0 } text)
            found.Add(text);
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static IEnumerable<JsonElement> Items(JsonElement element, string name)
    {
        var value = Member(element, name);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Take(MaxItems) : [];
    }
}

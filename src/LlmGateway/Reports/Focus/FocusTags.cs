using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Reports.Focus;

/// <summary>Tags of the ledger as FOCUS has them: an object of keys as callers wrote them, each with its one value.</summary>
internal static class FocusTags
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null where no tags were asked for.</summary>
    public static string? Of(FocusQuery query, string?[] groups)
    {
        if (query.AllTags)
        {
            return All(groups[FocusQuery.FirstTag]);
        }

        if (query.Tags.Count == 0)
        {
            return null;
        }

        var tags = new JsonObject();
        for (var index = 0; index < query.Tags.Count; index++)
        {
            if (groups[FocusQuery.FirstTag + index] is { } value)
            {
                tags[query.Tags[index]] = value;
            }
        }

        return tags.ToJsonString(Readable);
    }

    // Rows that were booked by another version, or by hand, may have what is no pair of a key and a value.
    private static string All(string? json)
    {
        try
        {
            using var document = JsonDocument.Parse(json ?? "{}");
            var tags = new JsonObject();
            foreach (var tag in document.RootElement.EnumerateObject())
            {
                // A format of keys and values has no place for a list or an object; the gateway writes none.
                tags[tag.Name] = tag.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? tag.Value.GetRawText() : JsonValue.Create(tag.Value.Clone());
            }

            return tags.ToJsonString(Readable);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return "{}";
        }
    }
}

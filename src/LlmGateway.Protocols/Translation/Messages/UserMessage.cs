using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes a user's message: the results of tools each as a message of its own, then what else the user says.</summary>
internal static class UserMessage
{
    /// <param name="state">The request.</param>
    /// <param name="content">A string or blocks.</param>
    /// <param name="calls">Ids of the calls before it, in their order; empty behind.</param>
    public static bool TryWrite(TranslationState state, RequestNode content, List<string> calls)
    {
        var parts = new List<ContentPart>();
        var results = new List<ToolResult>();
        if (!content.IsArray)
        {
            if (!ContentReader.TryReadAll(state, content, parts))
                return false;
        }
        else if (content.Element.GetArrayLength() == 0)
        {
            return state.Invalid(content, "there must be at least one content block");
        }
        else if (!TryReadBlocks(state, content, results, parts))
        {
            return false;
        }

        Write(state.Writer, Sorted(results, calls), parts);
        calls.Clear();
        return true;
    }

    private static bool TryReadBlocks(TranslationState state, RequestNode content, List<ToolResult> results, List<ContentPart> parts)
    {
        var index = 0;
        foreach (var item in content.Element.EnumerateArray())
        {
            var block = new RequestNode(item, content.Place.Item(index++));
            if (!block.Member("type").Is("tool_result"))
            {
                if (!ContentReader.TryRead(state, block, parts))
                    return false;
            }
            else if (ToolResult.TryRead(state, block, out var result))
            {
                results.Add(result);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static void Write(Utf8JsonWriter writer, List<ToolResult> results, List<ContentPart> parts)
    {
        // A message with the role tool holds text only: images move behind, each under a line that says whose it is.
        var all = new List<ContentPart>();
        foreach (var result in results)
        {
            result.Write(writer);
            if (result.Media.Count == 0)
                continue;
            all.Add(ContentPart.OfText($"From the result of the tool call {result.Id}:"));
            all.AddRange(result.Media);
        }

        all.AddRange(parts);
        if (all.Count == 0)
            return;
        writer.WriteStartObject();
        writer.WriteString("role"u8, "user"u8);
        WriteContent(writer, all);
        writer.WriteEndObject();
    }

    // Only text: one string, since several providers of the chat dialect take nothing else.
    private static void WriteContent(Utf8JsonWriter writer, List<ContentPart> parts)
    {
        if (!parts.Exists(static part => part.Kind is not ContentKind.Text))
        {
            writer.WriteString("content"u8, ContentReader.Join(parts));
            return;
        }

        writer.WriteStartArray("content"u8);
        foreach (var part in parts)
        {
            if (part.Kind is not ContentKind.Text || part.Text!.Length > 0)
                part.Write(writer);
        }

        writer.WriteEndArray();
    }

    // In the order of the calls, which some chat templates pair by; results of no call behind, for the provider to judge.
    private static List<ToolResult> Sorted(List<ToolResult> results, List<string> calls)
    {
        if (results.Count < 2)
            return results;
        var order = new Dictionary<string, int>(calls.Count, StringComparer.Ordinal);
        foreach (var call in calls)
            order.TryAdd(call, order.Count);
        var keys = new (int Call, int Block)[results.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = (order.GetValueOrDefault(results[i].Id, int.MaxValue), i);
        var sorted = results.ToArray();
        Array.Sort(keys, sorted);
        return [.. sorted];
    }
}

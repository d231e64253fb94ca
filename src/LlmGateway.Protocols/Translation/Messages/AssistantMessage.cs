using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes what the model said before; as the last message it is the beginning that the model shall go on with.</summary>
internal static class AssistantMessage
{
    private static readonly string[] TextMembers = ["type", "text"];
    private static readonly string[] ThinkingMembers = ["type", "thinking", "signature"];

    // Who called is said by newer answers ("direct"), and comes back with them.
    private static readonly string[] CallMembers = ["type", "id", "name", "input", "caller"];

    /// <param name="state">The request.</param>
    /// <param name="content">A string or blocks.</param>
    /// <param name="ids">Gets the ids of the calls.</param>
    public static bool TryWrite(TranslationState state, RequestNode content, List<string> ids)
    {
        ids.Clear();
        var text = new StringBuilder(content.Text);
        var thinking = new StringBuilder();
        var calls = new List<RequestNode>();
        if (!content.IsString && !TryReadBlocks(state, content, text, thinking, calls))
            return false;

        var writer = state.Writer;
        writer.WriteStartObject();
        writer.WriteString("role"u8, "assistant"u8);
        if (text.Length == 0 && calls.Count > 0)
            writer.WriteNull("content"u8);
        else
            writer.WriteString("content"u8, text.ToString());
        if (thinking.Length > 0)
            writer.WriteString("reasoning_content"u8, thinking.ToString());
        if (calls.Count > 0 && !TryWriteCalls(state, calls, ids))
            return false;
        writer.WriteEndObject();
        return true;
    }

    private static bool TryReadBlocks(
        TranslationState state, RequestNode content, StringBuilder text, StringBuilder thinking, List<RequestNode> calls)
    {
        if (!content.IsArray)
            return state.WrongType(content, "a string or an array of content blocks");
        var index = 0;
        foreach (var item in content.Element.EnumerateArray())
        {
            var block = new RequestNode(item, content.Place.Item(index++));
            if (!state.TryObject(block) || !TryReadBlock(state, block, text, thinking, calls))
                return false;
        }

        return true;
    }

    private static bool TryReadBlock(
        TranslationState state, RequestNode block, StringBuilder text, StringBuilder thinking, List<RequestNode> calls)
    {
        var type = block.Member("type");
        if (!state.TryText(type, out var name))
            return false;
        switch (name)
        {
            case "text":
                state.DropOthers(block, TextMembers);

                // One text, cut where citations or thoughts stood between: nothing goes in the seams.
                return TryAppend(state, block.Member("text"), text);
            case "thinking":
                return TryReadThinking(state, block, thinking);
            case "redacted_thinking":
                state.Dropped.Add(block.Place.Member(name));
                return true;
            case "tool_use":
                state.DropOthers(block, CallMembers);
                calls.Add(block);
                return true;
            default:
                return state.Unsupported(
                    type.Place, $"content of the type '{name}' has no form in the chat dialect; an assistant can have text, thinking and tool_use");
        }
    }

    private static bool TryReadThinking(TranslationState state, RequestNode block, StringBuilder thinking)
    {
        state.DropOthers(block, ThinkingMembers);
        var before = thinking.Length;
        if (!TryAppend(state, block.Member("thinking"), thinking))
            return false;

        // Only the signature came with it (`display` omitted): there is nothing to give to another model.
        if (thinking.Length == before)
            state.Dropped.Add(block.Place.Member("thinking"));

        // Our own signatures are empty; others mean something to their issuer only.
        var signature = block.Member("signature");
        if (signature.Text is { Length: > 0 })
            state.Dropped.Add(signature.Place);
        return true;
    }

    private static bool TryAppend(TranslationState state, RequestNode node, StringBuilder to)
    {
        if (!state.TryText(node, out var text))
            return false;
        to.Append(text);
        return true;
    }

    private static bool TryWriteCalls(TranslationState state, List<RequestNode> calls, List<string> ids)
    {
        var writer = state.Writer;
        writer.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            var input = call.Member("input");
            if (!state.TryText(call.Member("id"), out var id) || !state.TryText(call.Member("name"), out var name) || !state.TryObject(input))
                return false;
            ids.Add(ToolIds.ToChat(id));
            writer.WriteStartObject();
            writer.WriteString("id"u8, ids[^1]);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteStartObject("function"u8);
            writer.WriteString("name"u8, name);
            writer.WriteString("arguments"u8, Compact(input.Element));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        return true;
    }

    // Without the caller's blanks but in the caller's order: the same history must stay the same bytes to the provider's prompt cache.
    private static ReadOnlySpan<byte> Compact(JsonElement input)
    {
        var json = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(json, MessagesJson.Options))
            input.WriteTo(writer);
        return json.WrittenSpan;
    }
}

using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>What a tool answered.</summary>
/// <param name="Id">Of the call, as the chat dialect has it.</param>
/// <param name="Text">What a message with the role <c>tool</c> can hold.</param>
/// <param name="Media">What it cannot: images and files.</param>
internal sealed record ToolResult(string Id, string Text, IReadOnlyList<ContentPart> Media)
{
    /// <summary>The chat dialect has no flag for a failed call, so the model is told in words.</summary>
    public const string ErrorPrefix = "Error: ";

    private const string OnlyMedia = "The result follows in the next user message.";

    private static readonly string[] Members = ["type", "tool_use_id", "content", "is_error"];

    public static bool TryRead(TranslationState state, RequestNode block, out ToolResult result)
    {
        result = null!;
        var parts = new List<ContentPart>();
        if (!state.TryText(block.Member("tool_use_id"), out var id)
            || !state.TryFlag(block.Member("is_error"), out var isError)
            || !ContentReader.TryReadAll(state, block.Member("content"), parts))
        {
            return false;
        }

        state.DropOthers(block, Members);
        var text = ContentReader.Join(parts);
        parts.RemoveAll(static part => part.Kind is ContentKind.Text);
        if (text.Length == 0 && parts.Count > 0)
            text = OnlyMedia;
        result = new ToolResult(ToolIds.ToChat(id), isError ? ErrorPrefix + text : text, parts);
        return true;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "tool"u8);
        writer.WriteString("tool_call_id"u8, Id);
        writer.WriteString("content"u8, Text);
        writer.WriteEndObject();
    }
}

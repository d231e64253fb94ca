using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes content blocks: whole ones, and the starts and deltas of a stream.</summary>
internal static class BlockWriter
{
    public static void WriteWhole(Utf8JsonWriter writer, AnswerBlock block, string toolId)
    {
        writer.WriteStartObject();
        switch (block.Kind)
        {
            case BlockKind.Thinking:
                writer.WriteString("type"u8, "thinking"u8);
                writer.WriteString("thinking"u8, block.Pending.WrittenSpan);

                // No provider of the chat dialect signs; SDKs want the member.
                writer.WriteString("signature"u8, ""u8);
                break;
            case BlockKind.Text:
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("text"u8, block.Pending.WrittenSpan);
                break;
            default:
                WriteToolHead(writer, block, toolId);
                writer.WritePropertyName("input"u8);
                ToolInput.Write(writer, block.Pending.WrittenMemory);
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>The block as it is before its first delta.</summary>
    public static void WriteEmpty(Utf8JsonWriter writer, AnswerBlock block, string toolId)
    {
        writer.WriteStartObject("content_block"u8);
        switch (block.Kind)
        {
            case BlockKind.Thinking:
                writer.WriteString("type"u8, "thinking"u8);
                writer.WriteString("thinking"u8, ""u8);
                writer.WriteString("signature"u8, ""u8);
                break;
            case BlockKind.Text:
                writer.WriteString("type"u8, "text"u8);
                writer.WriteString("text"u8, ""u8);
                break;
            default:
                WriteToolHead(writer, block, toolId);
                writer.WriteStartObject("input"u8);
                writer.WriteEndObject();
                break;
        }

        writer.WriteEndObject();
    }

    public static void WriteDelta(Utf8JsonWriter writer, BlockKind kind, ReadOnlySpan<byte> text)
    {
        writer.WriteStartObject("delta"u8);
        switch (kind)
        {
            case BlockKind.Thinking:
                writer.WriteString("type"u8, "thinking_delta"u8);
                writer.WriteString("thinking"u8, text);
                break;
            case BlockKind.Text:
                writer.WriteString("type"u8, "text_delta"u8);
                writer.WriteString("text"u8, text);
                break;
            default:
                writer.WriteString("type"u8, "input_json_delta"u8);
                writer.WriteString("partial_json"u8, text);
                break;
        }

        writer.WriteEndObject();
    }

    public static void WriteSignature(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("delta"u8);
        writer.WriteString("type"u8, "signature_delta"u8);
        writer.WriteString("signature"u8, ""u8);
        writer.WriteEndObject();
    }

    private static void WriteToolHead(Utf8JsonWriter writer, AnswerBlock block, string id)
    {
        writer.WriteString("type"u8, "tool_use"u8);
        writer.WriteString("id"u8, id);
        writer.WriteString("name"u8, block.ToolName);
    }
}

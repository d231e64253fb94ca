using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes an answer that is no stream.</summary>
internal static class WholeMessage
{
    /// <summary>False, with nothing written, for what is no answer: no choice with a message, or one that its provider broke off.</summary>
    public static bool TryWrite(JsonElement completion, IReadOnlyList<string> stops, IBufferWriter<byte> output)
    {
        if (completion.ValueKind is not JsonValueKind.Object
            || StreamError.TryRead(completion, out _)
            || !JsonParts.TryFirstChoice(completion, out var choice)
            || !choice.TryGetProperty("message"u8, out var message)
            || message.ValueKind is not JsonValueKind.Object)
        {
            return false;
        }

        var facts = new AnswerFacts(stops);
        facts.Read(completion);
        facts.ReadChoice(choice);
        if (AnswerEnd.IsBroken(facts))
            return false;
        var blocks = new WholeBlocks();
        var reader = new AnswerReader(blocks);
        reader.Read(message, isWhole: true);
        using var writer = new Utf8JsonWriter(output, MessagesJson.Options);
        Write(writer, facts, blocks, reader.Refused);
        return true;
    }

    /// <summary>The members that a message begins with, in a stream or not.</summary>
    public static void WriteHead(Utf8JsonWriter writer, AnswerFacts facts)
    {
        writer.WriteString("id"u8, facts.Id);
        writer.WriteString("type"u8, "message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("model"u8, facts.Model);
    }

    private static void Write(Utf8JsonWriter writer, AnswerFacts facts, WholeBlocks blocks, bool refused)
    {
        writer.WriteStartObject();
        WriteHead(writer, facts);
        writer.WriteStartArray("content"u8);
        for (var i = 0; i < blocks.Blocks.Count; i++)
            BlockWriter.WriteWhole(writer, blocks.Blocks[i], ToolIds.Of(blocks.Blocks[i], facts.Id, i));
        writer.WriteEndArray();
        AnswerEnd.WriteReason(writer, facts, refused, blocks.HasTools);
        AnswerEnd.WriteUsage(writer, facts, isDelta: false);
        writer.WriteEndObject();
    }
}

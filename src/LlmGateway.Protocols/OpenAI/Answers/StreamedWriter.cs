using System.Buffers;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Writes a kept answer as the stream that it could have been.</summary>
public static class StreamedWriter
{
    /// <summary>
    /// Writes all events, <c>[DONE]</c> behind them: for each choice the role, the train of thought, the answer in pieces, the calls of tools, the
    /// finish reason. Scalars of the top stand in every chunk, what else there is in the first one.
    /// </summary>
    /// <param name="document">As <see cref="WholeAnswer"/> or <see cref="StreamAssembler"/> made it.</param>
    /// <param name="id">Goes into a JSON string as it is.</param>
    /// <param name="includeUsage">The client asked for usage: the last chunk tells it.</param>
    /// <param name="output">Receives the stream.</param>
    public static void Write(ReadOnlySpan<byte> document, ReadOnlySpan<byte> id, bool includeUsage, IBufferWriter<byte> output)
    {
        var shared = new ArrayBufferWriter<byte>();
        var once = new ArrayBufferWriter<byte>();
        ReadOnlySpan<byte> choices = default, usage = default;
        var isCompletion = false;
        var reader = new DocumentReader(document);
        while (reader.NextMember(out var member))
        {
            if (member.Is("choices"u8))
                choices = member.Value;
            else if (member.Is("usage"u8))
                usage = member.Value;
            else if (member.Is("object"u8))
                isCompletion = member.Text.SequenceEqual("text_completion"u8);
            else
                WriteMember(member, member.IsContainer ? once : shared);
        }

        var frames = new ChunkFrames(id, isCompletion, shared.WrittenSpan, includeUsage && !usage.IsEmpty, output);
        WriteChoices(frames, choices, isCompletion, once.WrittenSpan);
        if (includeUsage && !usage.IsEmpty)
            frames.WriteUsage(usage);
        output.Write("data: [DONE]\n\n"u8);
    }

    private static void WriteChoices(in ChunkFrames frames, ReadOnlySpan<byte> choices, bool isCompletion, ReadOnlySpan<byte> once)
    {
        var reader = new DocumentReader(choices);
        while (reader.NextElement(out var choice))
        {
            var writer = new ChoiceWriter(frames, choice, once);
            if (isCompletion)
                writer.WriteCompletion();
            else
                writer.WriteChat();
            once = default;
        }
    }

    private static void WriteMember(in DocumentMember member, ArrayBufferWriter<byte> output)
    {
        RawJson.WriteQuoted(member.Name, output);
        output.Write(":"u8);
        output.Write(member.Value);
        output.Write(","u8);
    }
}

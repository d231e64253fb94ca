using System.Buffers;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Writes a kept answer as one body.</summary>
public static class WholeWriter
{
    /// <summary>Writes the document with an id of its own.</summary>
    /// <param name="document">As <see cref="WholeAnswer"/> or <see cref="StreamAssembler"/> made it.</param>
    /// <param name="id">Goes into a JSON string as it is.</param>
    /// <param name="output">Receives the body.</param>
    public static void Write(ReadOnlySpan<byte> document, ReadOnlySpan<byte> id, IBufferWriter<byte> output)
    {
        output.Write("{\"id\":\""u8);
        output.Write(id);
        output.Write("\","u8);
        output.Write(document[1..]);
    }
}

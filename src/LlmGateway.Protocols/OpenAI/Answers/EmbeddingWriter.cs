using System.Buffers;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Writes the answer of an embeddings endpoint from vectors that were kept or have just come.</summary>
public static class EmbeddingWriter
{
    /// <summary>Writes the beginning; then comes <see cref="WriteVector"/> for each input in turn, then <see cref="End"/>.</summary>
    public static void Begin(IBufferWriter<byte> output) => output.Write("{\"object\":\"list\",\"data\":["u8);

    /// <summary>Writes the vector of the input of that index.</summary>
    /// <param name="index">From 0 on.</param>
    /// <param name="value">The JSON of <c>embedding</c>.</param>
    /// <param name="output">Receives it.</param>
    public static void WriteVector(int index, ReadOnlySpan<byte> value, IBufferWriter<byte> output)
    {
        output.Write(index == 0 ? "{\"object\":\"embedding\",\"index\":"u8 : ",{\"object\":\"embedding\",\"index\":"u8);
        RawJson.WriteNumber(index, output);
        output.Write(",\"embedding\":"u8);
        output.Write(value);
        output.Write("}"u8);
    }

    /// <summary>Writes the end.</summary>
    /// <param name="model">Goes into a JSON string as it is.</param>
    /// <param name="tokens">What all inputs count: also those that cost nothing this time, as the client would be told without a cache.</param>
    /// <param name="output">Receives it.</param>
    public static void End(ReadOnlySpan<byte> model, long tokens, IBufferWriter<byte> output)
    {
        output.Write("],\"model\":\""u8);
        output.Write(model);
        output.Write("\",\"usage\":{\"prompt_tokens\":"u8);
        RawJson.WriteNumber(tokens, output);
        output.Write(",\"total_tokens\":"u8);
        RawJson.WriteNumber(tokens, output);
        output.Write("}}"u8);
    }
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Protocols.OpenAI;

/// <summary>Writes errors as OpenAI does, always with all four members, since its schema requires them and SDKs read them.</summary>
public static class OpenAIErrorWriter
{
    // Never shown inside HTML, so only what JSON itself demands is escaped; the output holds no raw line break, as an SSE frame needs.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes <c>{"error":{"message","type","param","code"}}</c>.</summary>
    /// <param name="output">Receives the body.</param>
    /// <param name="message">What went wrong and what to do, for a person.</param>
    /// <param name="type">OpenAI's type, such as <c>invalid_request_error</c>.</param>
    /// <param name="param">The request member at fault; null when there is none.</param>
    /// <param name="code">The code that programs test; null when there is none. Never a number: typed SDKs would drop it.</param>
    public static void Write(IBufferWriter<byte> output, string message, string type, string? param, string? code)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        WriteError(writer, message, type, param, code);
        writer.WriteEndObject();
    }

    /// <summary>
    /// Writes the error as one event of a stream: <c>data: {"error":{…},"choices":null}</c> and a blank line. openai-node and openai-python
    /// raise what stands under <c>error</c>. openai-dotnet does not look there and would take the frame for an empty chunk, and the broken
    /// answer for a whole one; it raises because <c>choices</c> is no array.
    /// </summary>
    public static void WriteEvent(IBufferWriter<byte> output, string message, string type, string? param, string? code)
    {
        output.Write("data: "u8);
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            WriteError(writer, message, type, param, code);
            writer.WriteNull("choices"u8);
            writer.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    private static void WriteError(Utf8JsonWriter writer, string message, string type, string? param, string? code)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteString("message"u8, message);
        writer.WriteString("type"u8, type);
        writer.WriteString("param"u8, param);
        writer.WriteString("code"u8, code);
        writer.WriteEndObject();
    }
}

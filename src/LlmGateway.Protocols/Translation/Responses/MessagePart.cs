using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>A part of a message while it grows.</summary>
internal sealed class MessagePart(bool isRefusal)
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _logprobs = new();

    public bool IsRefusal => isRefusal;

    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    public ReadOnlySpan<byte> Logprobs => _logprobs.WrittenSpan;

    public void Append(ReadOnlySpan<byte> text, ReadOnlySpan<byte> logprobs)
    {
        _text.Write(text);
        if (logprobs.IsEmpty)
            return;
        if (_logprobs.WrittenCount > 0)
            _logprobs.Write(","u8);
        _logprobs.Write(logprobs);
    }

    public void Write(Utf8JsonWriter json, EventWriter events)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, isRefusal ? "refusal"u8 : "output_text"u8);
        events.WriteText(json, isRefusal ? "refusal"u8 : "text"u8, Text);
        if (!isRefusal)
        {
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            WriteLogprobs(json, Logprobs);
        }

        json.WriteEndObject();
    }

    /// <summary>Always there, since the types of SDKs ask for it.</summary>
    public static void WriteLogprobs(Utf8JsonWriter json, ReadOnlySpan<byte> logprobs)
    {
        json.WritePropertyName("logprobs"u8);
        RawArray.Write(json, logprobs);
    }
}

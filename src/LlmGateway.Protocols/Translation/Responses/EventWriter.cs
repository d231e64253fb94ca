using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Writes the events of one stream and counts them. Without an output it is mute: a whole answer is made of the same steps.</summary>
internal sealed class EventWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _text = new();
    private Utf8JsonWriter? _json;
    private IBufferWriter<byte>? _output;
    private int _sequence;

    public bool IsMute => _output is null;

    /// <summary>Where the next events go; null for nowhere.</summary>
    public void SendTo(IBufferWriter<byte>? output) => _output = output;

    /// <summary>A writer like that of the events.</summary>
    public static Utf8JsonWriter WriterTo(IBufferWriter<byte> output) => new(output, Options);

    /// <summary>Begins an event; the caller writes its members. Not to be called while mute.</summary>
    public Utf8JsonWriter Begin(ReadOnlySpan<byte> type)
    {
        var output = _output!;
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        if (_json is null)
            _json = WriterTo(output);
        else
            _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        _json.WriteNumber("sequence_number"u8, _sequence++);
        return _json;
    }

    public void End()
    {
        _json!.WriteEndObject();
        _json.Flush();
        _output!.Write("\n\n"u8);
    }

    /// <summary>Writes a text of the answer, which may hold anything, as it is readable best.</summary>
    public void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        _text.ResetWrittenCount();
        JsonStrings.Write(text, _text);
        json.WritePropertyName(name);
        json.WriteRawValue(_text.WrittenSpan, skipInputValidation: true);
    }
}

using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Frames the events of a stream. SDKs go by the line <c>event:</c> and overlook an event without.</summary>
internal sealed class EventWriter
{
    private readonly Utf8JsonWriter _json = new(new ArrayBufferWriter<byte>(), MessagesJson.Options);
    private IBufferWriter<byte>? _output;

    /// <summary>Where the events go from now on.</summary>
    public void SendTo(IBufferWriter<byte> output) => _output = output;

    /// <summary>Begins an event; its members are written to what is returned.</summary>
    public Utf8JsonWriter Begin(ReadOnlySpan<byte> type)
    {
        _output!.Write("event: "u8);
        _output!.Write(type);
        _output!.Write("\ndata: "u8);
        _json.Reset(_output!);
        _json.WriteStartObject();
        _json.WriteString("type"u8, type);
        return _json;
    }

    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _output!.Write("\n\n"u8);
    }
}

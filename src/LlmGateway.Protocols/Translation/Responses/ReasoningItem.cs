using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Thoughts: as the text that they are, or as a summary for callers that show only one.</summary>
internal sealed class ReasoningItem(EventWriter events, string id, int index, bool asSummary) : OutputItem(events, id, index)
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private bool _hasPart;

    public void Append(ReadOnlySpan<byte> text)
    {
        if (!_hasPart)
        {
            _hasPart = true;
            TellPart("response.reasoning_summary_part.added"u8, "response.content_part.added"u8);
        }

        _text.Write(text);
        if (Events.IsMute)
            return;
        var json = BeginPartEvent("response.reasoning_summary_text.delta"u8, "response.reasoning_text.delta"u8);
        Events.WriteText(json, "delta"u8, text);
        Events.End();
    }

    protected override void EndParts()
    {
        if (!Events.IsMute)
        {
            var json = BeginPartEvent("response.reasoning_summary_text.done"u8, "response.reasoning_text.done"u8);
            Events.WriteText(json, "text"u8, _text.WrittenSpan);
            Events.End();
        }

        TellPart("response.reasoning_summary_part.done"u8, "response.content_part.done"u8);
    }

    protected override void Write(Utf8JsonWriter json, ReadOnlySpan<byte> status)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteString("id"u8, Id);
        json.WriteString("status"u8, status);
        json.WriteStartArray("summary"u8);
        if (_hasPart && asSummary)
            WritePart(json);
        json.WriteEndArray();
        if (!asSummary)
        {
            json.WriteStartArray("content"u8);
            if (_hasPart)
                WritePart(json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private Utf8JsonWriter BeginPartEvent(ReadOnlySpan<byte> ofSummary, ReadOnlySpan<byte> ofText)
    {
        var json = BeginEvent(asSummary ? ofSummary : ofText);
        json.WriteNumber(asSummary ? "summary_index"u8 : "content_index"u8, 0);
        return json;
    }

    private void TellPart(ReadOnlySpan<byte> ofSummary, ReadOnlySpan<byte> ofText)
    {
        if (Events.IsMute)
            return;
        var json = BeginPartEvent(ofSummary, ofText);
        json.WritePropertyName("part"u8);
        WritePart(json);
        Events.End();
    }

    private void WritePart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, asSummary ? "summary_text"u8 : "reasoning_text"u8);
        Events.WriteText(json, "text"u8, _text.WrittenSpan);
        json.WriteEndObject();
    }
}

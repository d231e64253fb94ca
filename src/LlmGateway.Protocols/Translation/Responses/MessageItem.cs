using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>What the assistant says: parts that are text or a refusal, one open at a time.</summary>
internal sealed class MessageItem(EventWriter events, string id, int index) : OutputItem(events, id, index)
{
    private readonly ArrayBufferWriter<byte> _parts = new();
    private MessagePart? _part;
    private int _count;

    /// <summary>Appends a piece of text, with the odds of its tokens as JSON values with commas between; none for empty.</summary>
    public void AppendText(ReadOnlySpan<byte> text, ReadOnlySpan<byte> logprobs)
    {
        var part = Open(isRefusal: false);
        part.Append(text, logprobs);
        if (Events.IsMute)
            return;
        var json = BeginPartEvent("response.output_text.delta"u8);
        Events.WriteText(json, "delta"u8, text);
        MessagePart.WriteLogprobs(json, logprobs);
        Events.End();
    }

    public void AppendRefusal(ReadOnlySpan<byte> text)
    {
        Open(isRefusal: true).Append(text, default);
        if (Events.IsMute)
            return;
        var json = BeginPartEvent("response.refusal.delta"u8);
        Events.WriteText(json, "delta"u8, text);
        Events.End();
    }

    /// <summary>Opens a text that may stay empty: an answer of nothing is a message still.</summary>
    public void OpenText() => Open(isRefusal: false);

    /// <summary>Adds odds that came behind the last text; a refusal tells none.</summary>
    public void AppendLogprobs(ReadOnlySpan<byte> logprobs)
    {
        if (_part is { IsRefusal: false } part)
            part.Append(default, logprobs);
    }

    protected override void EndParts()
    {
        if (_part is not { } part)
            return;
        if (!Events.IsMute)
        {
            var json = BeginPartEvent(part.IsRefusal ? "response.refusal.done"u8 : "response.output_text.done"u8);
            Events.WriteText(json, part.IsRefusal ? "refusal"u8 : "text"u8, part.Text);
            if (!part.IsRefusal)
                MessagePart.WriteLogprobs(json, part.Logprobs);
            Events.End();
        }

        TellPart(part, "response.content_part.done"u8);
        _parts.Write(_count > 0 ? ","u8 : default);
        using (var json = EventWriter.WriterTo(_parts))
        {
            part.Write(json, Events);
        }

        _part = null;
        _count++;
    }

    protected override void Write(Utf8JsonWriter json, ReadOnlySpan<byte> status)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("id"u8, Id);
        json.WriteString("status"u8, status);
        json.WriteString("role"u8, "assistant"u8);
        json.WritePropertyName("content"u8);
        RawArray.Write(json, _parts.WrittenSpan);
        json.WriteEndObject();
    }

    private MessagePart Open(bool isRefusal)
    {
        if (_part is { } open && open.IsRefusal == isRefusal)
            return open;
        EndParts();
        _part = new MessagePart(isRefusal);
        TellPart(_part, "response.content_part.added"u8);
        return _part;
    }

    private void TellPart(MessagePart part, ReadOnlySpan<byte> type)
    {
        if (Events.IsMute)
            return;
        var json = BeginPartEvent(type);
        json.WritePropertyName("part"u8);
        part.Write(json, Events);
        Events.End();
    }

    private Utf8JsonWriter BeginPartEvent(ReadOnlySpan<byte> type)
    {
        var json = BeginEvent(type);
        json.WriteNumber("content_index"u8, _count);
        return json;
    }
}

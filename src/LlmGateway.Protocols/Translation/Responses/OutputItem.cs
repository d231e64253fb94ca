using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>One item of the output while it grows: it is told when it begins, with each piece, and whole at its end.</summary>
/// <param name="events">Where it is told.</param>
/// <param name="id">Its id, ASCII.</param>
/// <param name="index">Its place in the output.</param>
internal abstract class OutputItem(EventWriter events, string id, int index)
{
    protected EventWriter Events => events;

    protected string Id => id;

    /// <summary>Tells that it begins; nothing is in it yet.</summary>
    public void Begin()
    {
        if (events.IsMute)
            return;
        var json = events.Begin("response.output_item.added"u8);
        json.WriteNumber("output_index"u8, index);
        json.WritePropertyName("item"u8);
        Write(json, "in_progress"u8);
        events.End();
    }

    /// <summary>Tells that it ends, and appends it to the output.</summary>
    public void End(bool isComplete, ArrayBufferWriter<byte> output)
    {
        EndParts();
        if (output.WrittenCount > 0)
            output.Write(","u8);
        var start = output.WrittenCount;
        using (var json = EventWriter.WriterTo(output))
        {
            Write(json, isComplete ? "completed"u8 : "incomplete"u8);
        }

        if (events.IsMute)
            return;
        var told = events.Begin("response.output_item.done"u8);
        told.WriteNumber("output_index"u8, index);
        told.WritePropertyName("item"u8);
        told.WriteRawValue(output.WrittenSpan[start..], skipInputValidation: true);
        events.End();
    }

    /// <summary>Tells the ends of what is inside.</summary>
    protected abstract void EndParts();

    /// <summary>Writes it as it is now.</summary>
    protected abstract void Write(Utf8JsonWriter json, ReadOnlySpan<byte> status);

    /// <summary>Begins an event about a part of it.</summary>
    protected Utf8JsonWriter BeginEvent(ReadOnlySpan<byte> type)
    {
        var json = events.Begin(type);
        json.WriteString("item_id"u8, id);
        json.WriteNumber("output_index"u8, index);
        return json;
    }
}

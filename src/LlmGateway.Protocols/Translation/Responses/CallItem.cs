using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>A call of a function with arguments, or of a custom tool with an input.</summary>
internal sealed class CallItem(EventWriter events, string id, int index, ToolCall call) : OutputItem(events, id, index)
{
    private int _told;

    /// <summary>Tells what has come of the arguments since the last time.</summary>
    public void Catch()
    {
        var piece = call.Arguments[_told..];
        _told += piece.Length;
        if (piece.IsEmpty || Events.IsMute)
            return;
        var json = BeginEvent(call.IsCustom ? "response.custom_tool_call_input.delta"u8 : "response.function_call_arguments.delta"u8);
        Events.WriteText(json, "delta"u8, piece);
        Events.End();
    }

    protected override void EndParts()
    {
        Catch();
        if (Events.IsMute)
            return;
        var json = BeginEvent(call.IsCustom ? "response.custom_tool_call_input.done"u8 : "response.function_call_arguments.done"u8);
        if (!call.IsCustom)
            Events.WriteText(json, "name"u8, call.Name);
        Events.WriteText(json, call.IsCustom ? "input"u8 : "arguments"u8, call.Arguments);
        Events.End();
    }

    protected override void Write(Utf8JsonWriter json, ReadOnlySpan<byte> status)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, call.IsCustom ? "custom_tool_call"u8 : "function_call"u8);
        json.WriteString("id"u8, Id);
        json.WriteString("status"u8, status);
        Events.WriteText(json, "call_id"u8, call.Id);
        Events.WriteText(json, "name"u8, call.Name);
        Events.WriteText(json, call.IsCustom ? "input"u8 : "arguments"u8, call.Arguments[.._told]);
        json.WriteEndObject();
    }
}

using System.Text.Json;

namespace LlmGateway.Streaming;

/// <summary>Rewrites calls of tools. Their ids are the first stream's, so of a call that was delivered in part only further arguments pass.</summary>
internal sealed class ToolSeam
{
    private readonly Delivered _delivered;
    private readonly Known[] _known;

    public ToolSeam(Delivered delivered)
    {
        _delivered = delivered;
        _known = [.. delivered.Tools.Select(tool => new Known(tool.Index, new TextSeam(tool.Name, repeats: true), new TextSeam(tool.Arguments, repeats: true)))];
    }

    /// <summary>The new answer has not yet said all that was delivered.</summary>
    public bool IsBehind => Array.Exists(_known, call => call.Name.IsBehind || call.Arguments.IsBehind);

    /// <summary>Writes the member, if anything is left of it; false where a call is not the delivered one.</summary>
    public bool TryWrite(Utf8JsonWriter writer, JsonElement calls, out bool wrote)
    {
        wrote = false;
        if (calls.ValueKind is not JsonValueKind.Array)
        {
            return false;
        }

        foreach (var call in calls.EnumerateArray())
        {
            if (!TryWriteCall(writer, call, ref wrote))
            {
                return false;
            }
        }

        if (wrote)
        {
            writer.WriteEndArray();
        }

        return true;
    }

    private static void Open(Utf8JsonWriter writer, ref bool wrote)
    {
        if (!wrote)
        {
            writer.WriteStartArray("tool_calls"u8);
            wrote = true;
        }
    }

    private bool TryWriteCall(Utf8JsonWriter writer, JsonElement call, ref bool wrote)
    {
        var readable = DeliveredTool.TryRead(call, out var index, out var name, out var arguments);
        if (!readable && _known.Length > 0)
        {
            return false;
        }

        if (!readable || Array.Find(_known, one => one.Index == index) is not { } known)
        {
            _delivered.AddTool(call);
            Open(writer, ref wrote);
            writer.WriteRawValue(ChunkJson.Raw(call), skipInputValidation: true);
            return true;
        }

        if (!known.Name.TryTake(name, out var rest) || !rest.IsEmpty || (!arguments.IsEmpty && known.Name.IsBehind)
            || !known.Arguments.TryTake(arguments, out var fresh))
        {
            return false;
        }

        if (!fresh.IsEmpty)
        {
            Open(writer, ref wrote);
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, index);
            writer.WriteStartObject("function"u8);
            writer.WriteString("arguments"u8, fresh);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return true;
    }

    private sealed record Known(int Index, TextSeam Name, TextSeam Arguments);
}

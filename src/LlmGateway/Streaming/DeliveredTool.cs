using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Streaming;

/// <summary>A call of a tool, as far as the client has it.</summary>
internal sealed class DeliveredTool(int index)
{
    public int Index { get; } = index;

    public ArrayBufferWriter<byte> Name { get; } = new();

    public ArrayBufferWriter<byte> Arguments { get; } = new();

    /// <summary>Reads what a delta says of a call; false for forms that cannot be compared: without an index, or with arguments that are no string.</summary>
    public static bool TryRead(JsonElement call, out int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> arguments)
    {
        name = arguments = default;
        index = 0;
        if (!ChunkJson.TryGet(call, "index"u8, out var number) || number.ValueKind is not JsonValueKind.Number || !number.TryGetInt32(out index)
            || ChunkJson.TryGet(call, "custom"u8, out _))
        {
            return false;
        }

        return !ChunkJson.TryGet(call, "function"u8, out var function)
            || (TryText(function, "name"u8, out name) && TryText(function, "arguments"u8, out arguments));
    }

    private static bool TryText(JsonElement function, ReadOnlySpan<byte> member, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!ChunkJson.TryGet(function, member, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return true;
        }

        if (!ChunkJson.IsString(value))
        {
            return false;
        }

        text = ChunkJson.Text(value);
        return true;
    }
}

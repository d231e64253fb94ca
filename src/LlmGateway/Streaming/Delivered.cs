using System.Buffers;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Streaming;

/// <summary>What a client has of an answer whose stream died, and, while others go on with it, what they add.</summary>
internal sealed class Delivered
{
    /// <summary>Beyond this it is not gone on with.</summary>
    private const int MaxText = 1024 * 1024;

    private bool _isStrange;

    /// <summary>The first chunk: its id, model and the like are those of the whole answer.</summary>
    public required JsonElement Head { get; init; }

    public bool HasRole { get; set; }

    /// <summary>UTF-8, as are all texts here.</summary>
    public ArrayBufferWriter<byte> Content { get; } = new();

    public ArrayBufferWriter<byte> Reasoning { get; } = new();

    public List<DeliveredTool> Tools { get; } = [];

    /// <summary>The answer itself has begun, not only the thinking before it.</summary>
    public bool HasAnswer => Content.WrittenCount > 0 || Tools.Count > 0;

    public bool CanGoOn => !_isStrange && Content.WrittenCount + Reasoning.WrittenCount <= MaxText;

    /// <summary>Something was delivered that nobody can go on from.</summary>
    public void Strange() => _isStrange = true;

    /// <summary>
    /// The content as that of a JSON string, for a deployment that can go on from it. Empty where it cannot say all that was delivered, and
    /// where the client itself gave the beginning of the answer: two of them a provider does not take.
    /// </summary>
    public ReadOnlyMemory<byte> Prefix(Exchange exchange) =>
        exchange.Endpoint is not EndpointKind.ChatCompletions || Tools.Count > 0 || (exchange.Request!.Needs & Capabilities.PrefixCompletion) != 0
            ? default
            : ChunkJson.Escape(Content.WrittenSpan);

    /// <summary>Learns from chunks, each with a line feed behind it.</summary>
    public void AddLines(ReadOnlySpan<byte> chunks)
    {
        while (!chunks.IsEmpty)
        {
            var end = chunks.IndexOf((byte)'\n');
            Add(ChunkJson.Parse(chunks[..end]));
            chunks = chunks[(end + 1)..];
        }
    }

    public DeliveredTool? Tool(int index) => Tools.Find(tool => tool.Index == index);

    /// <summary>A call of a tool, or a part of one, as it is in a delta.</summary>
    public void AddTool(JsonElement call)
    {
        if (!DeliveredTool.TryRead(call, out var index, out var name, out var arguments))
        {
            Strange();
            return;
        }

        if (Tool(index) is not { } tool)
        {
            tool = new DeliveredTool(index);
            Tools.Add(tool);
        }

        tool.Name.Write(name);
        tool.Arguments.Write(arguments);
    }

    private void Add(JsonElement chunk)
    {
        if (!ChunkJson.TryGet(chunk, "choices"u8, out var choices) || choices.ValueKind is not JsonValueKind.Array)
        {
            return;
        }

        foreach (var choice in choices.EnumerateArray())
        {
            if (ChunkJson.TryGet(choice, "text"u8, out var text))
            {
                AddText(Content, text);
            }

            if (ChunkJson.TryGet(choice, "delta"u8, out var delta))
            {
                AddDelta(delta);
            }
        }
    }

    private void AddDelta(JsonElement delta)
    {
        if (ChunkJson.TryGet(delta, "content"u8, out var content))
        {
            AddText(Content, content);
        }

        // Some send the same under both names.
        if ((ChunkJson.TryGet(delta, "reasoning_content"u8, out var reasoning) && ChunkJson.HoldsAnything(reasoning)) || ChunkJson.TryGet(delta, "reasoning"u8, out reasoning))
        {
            AddText(Reasoning, reasoning);
        }

        if (!ChunkJson.TryGet(delta, "tool_calls"u8, out var calls) || !ChunkJson.HoldsAnything(calls))
        {
            return;
        }

        if (calls.ValueKind is not JsonValueKind.Array)
        {
            Strange();
            return;
        }

        foreach (var call in calls.EnumerateArray())
        {
            AddTool(call);
        }
    }

    private void AddText(ArrayBufferWriter<byte> texts, JsonElement value)
    {
        if (ChunkJson.IsString(value))
        {
            texts.Write(ChunkJson.Text(value));
        }
        else if (ChunkJson.HoldsAnything(value))
        {
            Strange();
        }
    }
}

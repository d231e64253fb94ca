using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Reads a <c>message</c> or a <c>delta</c> of the chat dialect, in the spellings that compatible providers use.</summary>
internal sealed class AnswerReader(IAnswerSink sink)
{
    private readonly ArrayBufferWriter<byte> _scratch = new();

    /// <summary>OpenAI's models decline in a member of its own.</summary>
    public bool Refused { get; private set; }

    /// <param name="message">The object.</param>
    /// <param name="isWhole">It is the whole message, so that each of its tool calls is whole.</param>
    public void Read(JsonElement message, bool isWhole)
    {
        ReadReasoning(message);
        if (message.TryGetProperty("content"u8, out var content))
            ReadContent(content, isThinking: false);
        if (message.TryGetProperty("refusal"u8, out var refusal))
            ReadRefusal(refusal);
        if (message.TryGetProperty("tool_calls"u8, out var calls))
            ReadCalls(calls, isWhole);
        if (message.TryGetProperty("function_call"u8, out var function) && function.ValueKind is JsonValueKind.Object)
            ReadFunction(default, function, isWhole);
    }

    // Under one of two names, and for a while from vLLM the same under both.
    private void ReadReasoning(JsonElement message)
    {
        if (message.TryGetProperty("reasoning_content"u8, out var reasoning) && IsText(reasoning))
            sink.Thinking(Utf8(reasoning));
        else if (message.TryGetProperty("reasoning"u8, out reasoning) && IsText(reasoning))
            sink.Thinking(Utf8(reasoning));
    }

    private void ReadContent(JsonElement content, bool isThinking)
    {
        if (content.ValueKind is JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
                ReadPart(part, isThinking);
        }
        else if (!IsText(content))
        {
            return;
        }
        else if (isThinking)
        {
            sink.Thinking(Utf8(content));
        }
        else
        {
            sink.Text(Utf8(content));
        }
    }

    // Parts as OpenAI has them, and Mistral's {"type":"thinking","thinking":[{"type":"text","text":"…"}]}.
    private void ReadPart(JsonElement part, bool isThinking)
    {
        if (part.ValueKind is not JsonValueKind.Object)
            return;
        if (part.TryGetProperty("thinking"u8, out var thinking))
            ReadContent(thinking, isThinking: true);
        else if (part.TryGetProperty("text"u8, out var text))
            ReadContent(text, isThinking);
        else if (part.TryGetProperty("refusal"u8, out var refusal))
            ReadRefusal(refusal);
    }

    private void ReadRefusal(JsonElement refusal)
    {
        if (!IsText(refusal))
            return;
        Refused = true;
        sink.Text(Utf8(refusal));
    }

    private void ReadCalls(JsonElement calls, bool isWhole)
    {
        // Spark's first version sends one object in place of the array.
        if (calls.ValueKind is JsonValueKind.Object)
        {
            ReadCall(calls, isWhole);
            return;
        }

        if (calls.ValueKind is not JsonValueKind.Array)
            return;
        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind is JsonValueKind.Object)
                ReadCall(call, isWhole);
        }
    }

    private void ReadCall(JsonElement call, bool isWhole)
    {
        if (call.TryGetProperty("function"u8, out var function) && function.ValueKind is JsonValueKind.Object)
            ReadFunction(call, function, isWhole);
    }

    private void ReadFunction(JsonElement call, JsonElement function, bool isWhole)
    {
        var hasArguments = function.TryGetProperty("arguments"u8, out var arguments);
        sink.Tool(new ToolFragment
        {
            Index = IndexOf(call),
            Id = JsonParts.Text(call, "id"u8),
            Name = JsonParts.Text(function, "name"u8),
            Arguments = hasArguments ? ArgumentsOf(arguments) : default,
            IsWhole = isWhole,
        });
    }

    // A string, or the object itself where a provider forgot to make one of it.
    private ReadOnlySpan<byte> ArgumentsOf(JsonElement arguments) => arguments.ValueKind switch
    {
        JsonValueKind.String => Utf8(arguments),
        JsonValueKind.Object => JsonMarshal.GetRawUtf8Value(arguments),
        _ => default,
    };

    private static int? IndexOf(JsonElement call) =>
        call.ValueKind is JsonValueKind.Object && call.TryGetProperty("index"u8, out var index)
        && index.ValueKind is JsonValueKind.Number && index.TryGetInt32(out var value) ? value : null;

    private static bool IsText(JsonElement value) => value.ValueKind is JsonValueKind.String && !value.ValueEquals(""u8);

    private ReadOnlySpan<byte> Utf8(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        if (!raw.Contains((byte)'\\'))
            return raw;
        _scratch.ResetWrittenCount();
        JsonText.Unescape(raw, _scratch);
        return _scratch.WrittenSpan;
    }
}

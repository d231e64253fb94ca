using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using LlmGateway.Protocols.Json;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.OpenAI.Answers;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Takes the first choice of a chunk, or of a whole answer, apart into pieces, in every spelling of compatible providers.</summary>
internal sealed class ChoiceReader
{
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly ArrayBufferWriter<byte> _name = new();
    private readonly ArrayBufferWriter<byte> _id = new();
    private readonly ArrayBufferWriter<byte> _logprobs = new();

    /// <summary>Why the answer ended, as far as the choices so far tell.</summary>
    public FinishReason Finish { get; private set; }

    /// <summary>The first choice: no other can be asked for.</summary>
    public static bool TryFind(JsonElement root, out JsonElement choice)
    {
        choice = default;
        if (!root.TryGetProperty("choices"u8, out var choices) || choices.ValueKind is not JsonValueKind.Array)
            return false;
        foreach (var one in choices.EnumerateArray())
        {
            if (one.ValueKind is JsonValueKind.Object && Index(one) is -1 or 0)
            {
                choice = one;
                return true;
            }
        }

        return false;
    }

    public void Read(JsonElement choice, ReadOnlySpan<byte> messageName, AnswerItems items)
    {
        _logprobs.ResetWrittenCount();
        if (choice.TryGetProperty("logprobs"u8, out var logprobs) && logprobs.ValueKind is JsonValueKind.Object
            && logprobs.TryGetProperty("content"u8, out var content) && content.ValueKind is JsonValueKind.Array && content.GetArrayLength() > 0)
            CopyItems(content, _logprobs);
        if (choice.TryGetProperty(messageName, out var message) && message.ValueKind is JsonValueKind.Object)
            ReadMessage(message, items);
        if (TryText(choice, "finish_reason"u8, _text))
            Finish = FinishReasons.Parse(_text.WrittenSpan);
    }

    private void ReadMessage(JsonElement message, AnswerItems items)
    {
        // vLLM for a while sent the same thoughts under both names; they were thought once.
        if (TryText(message, "reasoning_content"u8, _text) || TryText(message, "reasoning"u8, _text))
            items.AddThoughts(_text.WrittenSpan);
        var hasContent = message.TryGetProperty("content"u8, out var content);
        if (hasContent && content.ValueKind is JsonValueKind.Array)
            ReadParts(content, items);
        else if (TryText(message, "content"u8, _text) || _logprobs.WrittenCount > 0)
            items.AddText(_text.WrittenSpan, _logprobs.WrittenSpan);
        if (TryText(message, "refusal"u8, _text))
            items.AddRefusal(_text.WrittenSpan);
        if (message.TryGetProperty("tool_calls"u8, out var calls))
            ReadCalls(calls, items);
        if (message.TryGetProperty("function_call"u8, out var function) && function.ValueKind is JsonValueKind.Object)
            ReadCalled(function, -1, isCustom: false, items);
    }

    // Mistral's parts: thinking holds parts of its own.
    private void ReadParts(JsonElement parts, AnswerItems items)
    {
        foreach (var part in parts.EnumerateArray())
        {
            if (part.ValueKind is not JsonValueKind.Object)
                continue;
            if (part.TryGetProperty("thinking"u8, out var thinking) && thinking.ValueKind is JsonValueKind.Array)
            {
                foreach (var thought in thinking.EnumerateArray())
                {
                    if (thought.ValueKind is JsonValueKind.Object && TryText(thought, "text"u8, _text))
                        items.AddThoughts(_text.WrittenSpan);
                }
            }
            else if (TryText(part, "thinking"u8, _text))
            {
                items.AddThoughts(_text.WrittenSpan);
            }
            else if (TryText(part, "text"u8, _text))
            {
                items.AddText(_text.WrittenSpan, default);
            }
            else if (TryText(part, "refusal"u8, _text))
            {
                items.AddRefusal(_text.WrittenSpan);
            }
        }
    }

    // Spark's first version sends one object in place of the array.
    private void ReadCalls(JsonElement calls, AnswerItems items)
    {
        if (calls.ValueKind is JsonValueKind.Object)
            ReadCall(calls, items);
        if (calls.ValueKind is not JsonValueKind.Array)
            return;
        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind is JsonValueKind.Object)
                ReadCall(call, items);
        }
    }

    private void ReadCall(JsonElement call, AnswerItems items)
    {
        TryText(call, "id"u8, _id);
        var index = Index(call);
        var isCustom = call.TryGetProperty("custom"u8, out var called) && called.ValueKind is JsonValueKind.Object;
        if (isCustom || (call.TryGetProperty("function"u8, out called) && called.ValueKind is JsonValueKind.Object))
            ReadCalled(called, index, isCustom, items);
        else if (_id.WrittenCount > 0)
            items.AddCall(index, _id.WrittenSpan, default, default, isCustom: false);
        _id.ResetWrittenCount();
    }

    private void ReadCalled(JsonElement called, int index, bool isCustom, AnswerItems items)
    {
        TryText(called, "name"u8, _name);
        var name = isCustom ? "input"u8 : "arguments"u8;

        // An object where a string belongs: its JSON is what the model wrote.
        if (!TryText(called, name, _text) && called.TryGetProperty(name, out var value)
            && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            Copy(value, _text);
        items.AddCall(index, _id.WrittenSpan, _name.WrittenSpan, _text.WrittenSpan, isCustom);
    }

    private static int Index(JsonElement owner) =>
        owner.TryGetProperty("index"u8, out var number) && number.ValueKind is JsonValueKind.Number && number.TryGetInt32(out var index) ? index : -1;

    /// <summary>Reads a text, which is empty for none; false where there is none.</summary>
    private static bool TryText(JsonElement owner, ReadOnlySpan<byte> name, ArrayBufferWriter<byte> text)
    {
        text.ResetWrittenCount();
        if (!owner.TryGetProperty(name, out var value) || value.ValueKind is not JsonValueKind.String)
            return false;
        JsonStrings.Read(value, text);
        return text.WrittenCount > 0;
    }

    // The values of an array, as they are spelt but without blanks, which may be line breaks.
    private static void CopyItems(JsonElement array, ArrayBufferWriter<byte> output)
    {
        foreach (var item in array.EnumerateArray())
        {
            output.Write(output.WrittenCount > 0 ? ","u8 : default);
            Copy(item, output);
        }
    }

    private static void Copy(JsonElement value, ArrayBufferWriter<byte> output)
    {
        var reader = JsonMembers.Open(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        RawJson.Copy(ref reader, output);
    }
}

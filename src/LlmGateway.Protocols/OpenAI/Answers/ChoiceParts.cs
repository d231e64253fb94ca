using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>One choice, put together from its pieces; a whole answer is one piece.</summary>
internal sealed class ChoiceParts(ByteBudget budget, int index)
{
    private readonly MemberParts _message = new(budget);
    private readonly MemberParts _logprobs = new(budget);
    private readonly MemberParts _others = new(budget);
    private readonly List<ToolCallParts> _calls = [];
    private ToolCallParts? _function;
    private MemberPart? _text;
    private bool _isChat;
    private bool _namesLogprobs;

    public int Index => index;

    public bool IsCompletion => _text is not null && !_isChat;

    /// <summary>Both a message and a text: nobody could tell which endpoint it belongs to.</summary>
    public bool IsMixed => _text is not null && _isChat;

    public FinishReason FinishReason { get; private set; }

    public bool HasToolCalls => _calls.Count > 0 || _function is not null;

    public bool HasRefusal => _message.Find("refusal"u8) is { Raw.IsEmpty: false };

    public int TextBytes => (_text ?? _message.Find("content"u8)) is { } text ? text.Raw.Length : 0;

    /// <summary>Takes the value of a member of the choice, which the reader stands on; false when it cannot be joined.</summary>
    public bool TryAdd(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        if (name.SequenceEqual("delta"u8) || name.SequenceEqual("message"u8))
            return TryAddMessage(ref reader);
        if (name.SequenceEqual("text"u8))
        {
            _text ??= new MemberPart("text"u8.ToArray());
            return reader.TokenType is JsonTokenType.String or JsonTokenType.Null && _message.TryJoin(_text, ref reader);
        }

        if (name.SequenceEqual("logprobs"u8))
            return TryAddLogprobs(ref reader);
        if (name.SequenceEqual("finish_reason"u8))
        {
            if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty)
                FinishReason = FinishReasons.Parse(reader.ValueSpan);
            return reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
        }

        return _others.Replace(_others.GetOrAdd(name), ref reader);
    }

    public bool TryWrite(IBufferWriter<byte> output)
    {
        output.Write("{\"index\":"u8);
        RawJson.WriteNumber(index, output);
        output.Write(","u8);
        if (_text is not null)
            _text.WriteTo(output);
        else if (!TryWriteMessage(output))
            return false;
        WriteLogprobs(output);
        output.Write(",\"finish_reason\":"u8);
        if (FinishReason is FinishReason.None)
            output.Write("null"u8);
        else
            RawJson.WriteQuoted(FinishReasons.ToOpenAI(FinishReason), output);
        for (var i = 0; i < _others.Count; i++)
        {
            output.Write(","u8);
            _others[i].WriteTo(output);
        }

        output.Write("}"u8);
        return true;
    }

    private bool TryAddMessage(ref Utf8JsonReader reader)
    {
        _isChat = true;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (JsonMembers.NextMember(ref reader))
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (!TryAddMember(name, ref reader))
                return false;
        }

        return true;
    }

    private bool TryAddMember(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        var isNull = reader.TokenType == JsonTokenType.Null;
        if (name.SequenceEqual("tool_calls"u8))
            return isNull || TryAddCalls(ref reader);
        if (name.SequenceEqual("function_call"u8))
        {
            _function ??= isNull ? null : new ToolCallParts(budget, -1);
            return isNull || (reader.TokenType == JsonTokenType.StartObject && _function!.TryAddCalled(ref reader));
        }

        // Sound comes in pieces of an object that only its own rules could join.
        if (name.SequenceEqual("audio"u8) && !isNull)
            return false;
        var part = _message.GetOrAdd(name);
        if (name.SequenceEqual("role"u8))
            return reader.TokenType is JsonTokenType.String or JsonTokenType.Null && _message.Replace(part, ref reader);

        // Content in parts, as Mistral streams it, has no whole form that clients of OpenAI know.
        return (!name.SequenceEqual("content"u8) || isNull || reader.TokenType == JsonTokenType.String) && _message.TryJoin(part, ref reader);
    }

    private bool TryAddCalls(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject || !CallOf(reader).TryAdd(ref reader))
                return false;
        }

        return true;
    }

    /// <summary>The call that a piece belongs to: by index, without one by id, without either the last one.</summary>
    private ToolCallParts CallOf(Utf8JsonReader piece)
    {
        var (index, id) = ToolCallPiece.Read(piece);
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            var call = _calls[i];

            // Gemini gives every call the index 0, and tells them apart by id alone.
            var isOther = id.Length > 0 && !call.Id.IsEmpty && !call.Id.SequenceEqual(id);
            if (!isOther && (index < 0 || index == call.Index))
                return call;
        }

        var added = new ToolCallParts(budget, index);
        _calls.Add(added);
        return added;
    }

    private bool TryAddLogprobs(ref Utf8JsonReader reader)
    {
        _namesLogprobs = true;
        if (reader.TokenType != JsonTokenType.StartObject)
            return reader.TokenType == JsonTokenType.Null;
        while (JsonMembers.NextMember(ref reader))
        {
            var part = _logprobs.GetOrAdd(reader.ValueSpan);
            reader.Read();
            if (!_logprobs.TryJoin(part, ref reader))
                return false;
        }

        return true;
    }

    private bool TryWriteMessage(IBufferWriter<byte> output)
    {
        output.Write("\"message\":{\"role\":"u8);
        WriteValue(_message.Find("role"u8), "\"assistant\""u8, output);
        output.Write(",\"content\":"u8);
        WriteValue(_message.Find("content"u8), "null"u8, output);
        for (var i = 0; i < _message.Count; i++)
        {
            var name = _message[i].Name.AsSpan();
            if (name.SequenceEqual("role"u8) || name.SequenceEqual("content"u8))
                continue;
            output.Write(","u8);
            _message[i].WriteTo(output);
        }

        if (!TryWriteCalls(output))
            return false;
        output.Write("}"u8);
        return true;
    }

    private static void WriteValue(MemberPart? part, ReadOnlySpan<byte> otherwise, IBufferWriter<byte> output)
    {
        if (part is null or { Kind: PartKind.Null })
            output.Write(otherwise);
        else
            part.WriteValueTo(output);
    }

    private bool TryWriteCalls(IBufferWriter<byte> output)
    {
        if (_function is not null)
        {
            output.Write(",\"function_call\":"u8);
            if (!_function.TryWriteCalled(output))
                return false;
        }

        if (_calls.Count == 0)
            return true;
        var opening = ",\"tool_calls\":["u8;
        foreach (var call in _calls)
        {
            output.Write(opening);
            opening = ","u8;
            if (!call.TryWrite(output))
                return false;
        }

        output.Write("]"u8);
        return true;
    }

    private void WriteLogprobs(IBufferWriter<byte> output)
    {
        if (!_namesLogprobs)
            return;
        output.Write(",\"logprobs\":"u8);
        if (_logprobs.Count == 0)
        {
            output.Write("null"u8);
            return;
        }

        for (var i = 0; i < _logprobs.Count; i++)
        {
            output.Write(i == 0 ? "{"u8 : ","u8);
            _logprobs[i].WriteTo(output);
        }

        output.Write("}"u8);
    }
}

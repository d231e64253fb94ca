using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI;

internal ref partial struct ChatWalker
{
    private void ReadDelta()
    {
        if (!JsonMembers.TryEnterObject(ref _reader))
            return;
        ReadOnlySpan<byte> reasoning = default;
        while (NextMember(out var name, out _))
        {
            if (name.SequenceEqual("content"u8))
                ReadText(TextKinds.Content);
            else if (name.SequenceEqual("refusal"u8))
                ReadText(TextKinds.Other);
            else if (name.SequenceEqual("role"u8))
                _facts.HasRole |= ReadTruthy(out _);
            else if (name.SequenceEqual("reasoning_content"u8) || name.SequenceEqual("reasoning"u8))
                ReadReasoning(ref reasoning);
            else if (name.SequenceEqual("tool_calls"u8))
                ReadToolCalls();
            else if (name.SequenceEqual("function_call"u8))
                ReadFunction(TextKinds.Other);
            else if (ReadTruthy(out var isContainer) && isContainer)
                TakeContainer(name);
        }
    }

    // Audio, images, annotations; OpenRouter's reasoning_details say again what stands under reasoning.
    private void TakeContainer(scoped ReadOnlySpan<byte> name)
    {
        _facts.HasContent = true;
        _facts.Kinds |= name.SequenceEqual("reasoning_details"u8) ? TextKinds.Reasoning : TextKinds.Other;
    }

    // vLLM for a while sent the same text under both names; it was generated once.
    private void ReadReasoning(ref ReadOnlySpan<byte> seen)
    {
        _kind = TextKinds.Reasoning;
        _reader.Read();
        var isString = _reader.TokenType == JsonTokenType.String;
        if (isString && !seen.IsEmpty && _reader.ValueSpan.SequenceEqual(seen))
            return;
        seen = isString ? _reader.ValueSpan : seen;
        TakeText();
    }

    private void ReadText(TextKinds kind)
    {
        _kind = kind;
        _reader.Read();
        TakeText();
    }

    private void TakeText()
    {
        if (_reader.TokenType == JsonTokenType.String)
            TakeString();
        else if (_reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            TakeParts();
    }

    private void TakeString()
    {
        if (_reader.ValueSpan.IsEmpty)
            return;
        _facts.HasContent = true;
        _facts.Kinds |= _kind;
        if (_text is null)
            return;
        if (_reader.ValueIsEscaped)
            JsonText.Unescape(_reader.ValueSpan, _text);
        else
            _text.Write(_reader.ValueSpan);
    }

    // Content parts, nested as Mistral's thinking part is: text stands under these names, other strings are content but not text.
    private void TakeParts()
    {
        _kind = TextKinds.Other;
        var depth = _reader.CurrentDepth;
        var isText = false;
        var isType = false;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            if (_reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonText.Name(ref _reader);
                isText = name.SequenceEqual("text"u8) || name.SequenceEqual("thinking"u8) || name.SequenceEqual("refusal"u8);
                isType = name.SequenceEqual("type"u8);
                continue;
            }

            if (_reader.TokenType == JsonTokenType.String && isText)
                TakeString();
            else if (_reader.TokenType == JsonTokenType.String && !isType && !_reader.ValueSpan.IsEmpty)
            {
                _facts.HasContent = true;
                _facts.Kinds |= TextKinds.Other;
            }

            isText = isType = false;
        }
    }

    private void ReadToolCalls()
    {
        _reader.Read();

        // Spark's first version sends one object in place of the array.
        if (_reader.TokenType == JsonTokenType.StartObject)
        {
            ReadToolCall();
            return;
        }

        if (_reader.TokenType != JsonTokenType.StartArray)
            return;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.StartObject)
                ReadToolCall();
            else
                _reader.Skip();
        }
    }

    private void ReadToolCall()
    {
        _facts.HasContent = true;
        _facts.Kinds |= TextKinds.ToolCall;
        while (NextMember(out var name, out _))
        {
            if (name.SequenceEqual("function"u8) || name.SequenceEqual("custom"u8))
                ReadFunction(TextKinds.ToolCall);
            else
                JsonMembers.SkipValue(ref _reader);
        }
    }

    private void ReadFunction(TextKinds kind)
    {
        if (!JsonMembers.TryEnterObject(ref _reader))
            return;
        _facts.HasContent = true;
        _facts.Kinds |= kind;
        while (NextMember(out var name, out _))
        {
            if (name.SequenceEqual("name"u8))
                ReadText(kind);
            else if (name.SequenceEqual("arguments"u8) || name.SequenceEqual("input"u8))
                ReadArguments(kind);
            else
                JsonMembers.SkipValue(ref _reader);
        }
    }

    private void ReadArguments(TextKinds kind)
    {
        _kind = kind;
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.String)
        {
            TakeString();
            return;
        }

        // An object where a string belongs: its JSON is what the model wrote.
        var start = (int)_reader.TokenStartIndex;
        var isContainer = _reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
        _reader.Skip();
        if (isContainer)
            _text?.Write(_json[start..(int)_reader.BytesConsumed]);
    }
}

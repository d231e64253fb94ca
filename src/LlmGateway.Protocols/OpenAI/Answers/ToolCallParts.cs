using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>One call of a tool, or the legacy call of a function, put together from its pieces.</summary>
internal sealed class ToolCallParts(ByteBudget budget, int index)
{
    private readonly MemberParts _members = new(budget);
    private readonly MemberParts _called = new(budget);
    private bool _isCustom;

    /// <summary>The <c>index</c> that its pieces name; -1 when they name none.</summary>
    public int Index => index;

    public ReadOnlySpan<byte> Id => _members.Find("id"u8) is { } id ? id.Raw : default;

    /// <summary>Takes the piece that the reader stands on; false when it cannot be joined.</summary>
    public bool TryAdd(ref Utf8JsonReader reader)
    {
        while (JsonMembers.NextMember(ref reader))
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("index"u8))
            {
                JsonMembers.SkipValue(ref reader);
                continue;
            }

            var isCustom = name.SequenceEqual("custom"u8);
            if (isCustom || name.SequenceEqual("function"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Null)
                    continue;
                _isCustom |= isCustom;
                if (reader.TokenType != JsonTokenType.StartObject || !TryAddCalled(ref reader))
                    return false;
                continue;
            }

            var part = _members.GetOrAdd(name);
            reader.Read();
            if (!_members.Replace(part, ref reader))
                return false;
        }

        return true;
    }

    /// <summary>Takes a piece of what is called: its name and its arguments.</summary>
    public bool TryAddCalled(ref Utf8JsonReader reader)
    {
        while (JsonMembers.NextMember(ref reader))
        {
            var name = reader.ValueSpan;
            var isName = name.SequenceEqual("name"u8);
            var isArguments = name.SequenceEqual("arguments"u8) || name.SequenceEqual("input"u8);
            var part = _called.GetOrAdd(name);
            reader.Read();

            // Arguments as an object are not what clients of OpenAI expect, nor can they be cut into pieces.
            if (isArguments && reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                return false;
            if (isArguments ? !_called.TryJoin(part, ref reader) : isName ? !_called.TryJoinOnce(part, ref reader) : !_called.Replace(part, ref reader))
                return false;
        }

        return true;
    }

    /// <summary>Writes the whole call; false when clients could not use it.</summary>
    public bool TryWrite(IBufferWriter<byte> output)
    {
        if (Id.IsEmpty)
            return false;
        output.Write("{\"id\":\""u8);
        output.Write(Id);
        output.Write(_isCustom ? "\",\"type\":\"custom\",\"custom\":"u8 : "\",\"type\":\"function\",\"function\":"u8);
        if (!TryWriteCalled(output))
            return false;
        for (var i = 0; i < _members.Count; i++)
        {
            if (_members[i].Name.AsSpan().SequenceEqual("id"u8) || _members[i].Name.AsSpan().SequenceEqual("type"u8))
                continue;
            output.Write(","u8);
            _members[i].WriteTo(output);
        }

        output.Write("}"u8);
        return true;
    }

    public bool TryWriteCalled(IBufferWriter<byte> output)
    {
        if (_called.Find("name"u8) is not { Kind: PartKind.Text, Raw.IsEmpty: false } name)
            return false;
        var text = _isCustom ? "input"u8 : "arguments"u8;
        output.Write("{"u8);
        name.WriteTo(output);
        output.Write(","u8);
        RawJson.WriteQuoted(text, output);
        output.Write(":"u8);
        RawJson.WriteQuoted(_called.Find(text) is { } written ? written.Raw : default, output);
        for (var i = 0; i < _called.Count; i++)
        {
            if (_called[i].Name.AsSpan().SequenceEqual("name"u8) || _called[i].Name.AsSpan().SequenceEqual(text))
                continue;
            output.Write(","u8);
            _called[i].WriteTo(output);
        }

        output.Write("}"u8);
        return true;
    }
}

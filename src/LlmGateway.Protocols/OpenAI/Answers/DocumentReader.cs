using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Steps through the members of an object, or the elements of an array, of a kept answer.</summary>
internal ref struct DocumentReader
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    public DocumentReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = JsonMembers.Open(json);
        _reader.Read();
    }

    public bool NextMember(out DocumentMember member)
    {
        member = default;
        if (!JsonMembers.NextMember(ref _reader))
            return false;
        var name = _reader.ValueSpan;
        _reader.Read();
        var type = _reader.TokenType;
        member = new DocumentMember(name, Value(), type);
        return true;
    }

    public bool NextElement(out ReadOnlySpan<byte> element)
    {
        element = default;
        if (!_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)
            return false;
        element = Value();
        return true;
    }

    private ReadOnlySpan<byte> Value()
    {
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        return _json[start..(int)_reader.BytesConsumed];
    }
}

using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Json;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.OpenAI;

/// <summary>The single pass over a chunk or an answer. Top level here; choices, generated text and failures in the other parts.</summary>
internal ref partial struct ChatWalker
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly OpenAIUsageProfile _profile;
    private readonly IBufferWriter<byte>? _text;
    private Utf8JsonReader _reader;
    private ChatChunkFacts _facts;
    private TextKinds _kind;
    private int _choices;
    private bool _otherSubstance;
    private bool _hasCode;
    private bool _hasMessage;
    private bool _isErrorObject;

    private ChatWalker(ReadOnlySpan<byte> json, OpenAIUsageProfile profile, IBufferWriter<byte>? text)
    {
        _json = json;
        _profile = profile;
        _text = text;
        _reader = JsonMembers.Open(json);
    }

    public static void Scan(ReadOnlySpan<byte> json, OpenAIUsageProfile profile, IBufferWriter<byte>? text, out ChatChunkFacts facts)
    {
        var walker = new ChatWalker(json, profile, text);
        try
        {
            walker.Walk();
            facts = walker._facts;
        }
        catch (JsonException)
        {
            facts = new ChatChunkFacts { IsMalformed = true };
        }
    }

    private void Walk()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _facts.IsMalformed = true;
            return;
        }

        var kept = false;
        while (NextMember(out var name, out var start))
        {
            if (name.SequenceEqual("usage"u8))
            {
                ReadUsage(start, kept);
                continue;
            }

            kept = true;
            ReadMember(name);
        }

        // Throws when something follows the object.
        _reader.Read();
        _facts.HasError |= IsFailureWithoutError();
        _facts.HasChoices = _choices > 0;
        _facts.IsPureUsage = _facts.HasUsage && _choices == 0 && !_otherSubstance && !_facts.HasError;
    }

    private void ReadMember(scoped ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("choices"u8))
            ReadChoices();
        else if (name.SequenceEqual("model"u8))
            _facts.Model = ReadString();
        else if (name.SequenceEqual("x_groq"u8))
            ReadGroq();
        else if (!TryReadFailure(name) && ReadTruthy(out var isContainer) && isContainer)
            _otherSubstance |= !name.SequenceEqual("timings"u8); // llama.cpp puts them beside the usage
    }

    private void ReadGroq()
    {
        if (!JsonMembers.TryEnterObject(ref _reader))
            return;
        var kept = false;
        while (NextMember(out var name, out var start))
        {
            if (name.SequenceEqual("usage"u8))
            {
                ReadUsage(start, kept);
                continue;
            }

            kept = true;
            JsonMembers.SkipValue(ref _reader);
        }
    }

    private void ReadUsage(int start, bool kept)
    {
        _reader.Read();
        var isNull = _reader.TokenType == JsonTokenType.Null;
        if (OpenAIUsageReader.TryRead(ref _reader, _profile, out var usage))
        {
            _facts.HasUsage = true;
            _facts.Usage = usage;
        }

        _facts.AddUsageMember(new UsageMember(CutOf(start, (int)_reader.BytesConsumed, kept), isNull));
    }

    // With a member kept before it, a member goes with the comma in front; else with the comma behind, if there is one.
    private readonly ByteRange CutOf(int start, int end, bool kept)
    {
        if (kept)
        {
            start = _json[..start].LastIndexOf((byte)',');
        }
        else
        {
            var rest = _json[end..].TrimStart(" \t\r\n"u8);
            if (!rest.IsEmpty && rest[0] == (byte)',')
                end = _json.Length - rest.Length + 1;
        }

        return new ByteRange(start, end - start);
    }

    private bool NextMember(out ReadOnlySpan<byte> name, out int start)
    {
        if (!JsonMembers.NextMember(ref _reader))
        {
            name = default;
            start = 0;
            return false;
        }

        name = JsonText.Name(ref _reader);
        start = (int)_reader.TokenStartIndex;
        return true;
    }

    private ByteRange ReadString()
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.String)
            return new ByteRange((int)_reader.TokenStartIndex + 1, _reader.ValueSpan.Length);
        _reader.Skip();
        return default;
    }

    /// <summary>Steps over a value and tells whether it holds anything: not null, false, 0, an empty string, array or object.</summary>
    private bool ReadTruthy(out bool isContainer)
    {
        _reader.Read();
        isContainer = _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        switch (_reader.TokenType)
        {
            case JsonTokenType.String:
                return !_reader.ValueSpan.IsEmpty;
            case JsonTokenType.Number:
                return _reader.ValueSpan.ContainsAnyInRange((byte)'1', (byte)'9');
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var inside = _reader.BytesConsumed;
                _reader.Skip();
                return _json[(int)inside..(int)_reader.TokenStartIndex].ContainsAnyExcept(" \t\r\n"u8);
            default:
                return _reader.TokenType == JsonTokenType.True;
        }
    }
}

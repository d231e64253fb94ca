using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI;

internal ref partial struct ChatWalker
{
    /// <summary>Reads a top-level member by which some provider tells a failure; false, with nothing read, for any other.</summary>
    private bool TryReadFailure(scoped ReadOnlySpan<byte> name)
    {
        // By length first: nearly every member of a chunk is none of these.
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("code"u8):
                _hasCode |= ReadCode();
                return true;
            case 5 when name.SequenceEqual("error"u8):
            case 6 when name.SequenceEqual("errors"u8):
                ReadError();
                return true;
            case 6 when name.SequenceEqual("object"u8):
                _isErrorObject |= ReadString().In(_json).SequenceEqual("error"u8);
                return true;
            case 7 when name.SequenceEqual("message"u8):
                _hasMessage |= ReadTruthy(out _);
                return true;
            case 8 when name.SequenceEqual("Response"u8):
                ReadNested("Error"u8);
                return true;
            case 9 when name.SequenceEqual("base_resp"u8):
                ReadNested("status_code"u8);
                return true;
            case 10 when name.SequenceEqual("error_code"u8):
                _facts.HasError |= ReadCode();
                return true;
            default:
                return false;
        }
    }

    // Spark and SiliconFlow report by code and message alone, vLLM's older form by object and message. Success has codes too, so content wins.
    private readonly bool IsFailureWithoutError() =>
        _isErrorObject || (_hasCode && _hasMessage && _choices == 0 && !_facts.HasContent && !_facts.HasUsage);

    private void ReadError()
    {
        if (!ReadTruthyRange(out var range))
            return;
        _facts.HasError = true;
        _facts.Error = range;
    }

    private bool ReadTruthyRange(out ByteRange range)
    {
        var before = (int)_reader.BytesConsumed;
        var truthy = ReadTruthy(out _);
        var value = _json[before..(int)_reader.BytesConsumed];
        var start = before + value.IndexOfAnyExcept(" \t\r\n:"u8);
        range = new ByteRange(start, (int)_reader.BytesConsumed - start);
        return truthy;
    }

    /// <summary>Whether a code, number or string, means a failure: 0 and 200 do not.</summary>
    private bool ReadCode() =>
        ReadTruthy(out var isContainer) && !isContainer && !_reader.ValueSpan.SequenceEqual("0"u8) && !_reader.ValueSpan.SequenceEqual("200"u8);

    private void ReadNested(scoped ReadOnlySpan<byte> member)
    {
        if (!JsonMembers.TryEnterObject(ref _reader))
            return;
        while (NextMember(out var name, out _))
        {
            if (name.SequenceEqual(member))
                _facts.HasError |= ReadTruthy(out _);
            else
                JsonMembers.SkipValue(ref _reader);
        }
    }
}

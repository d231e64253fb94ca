using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI;

internal ref partial struct ChatWalker
{
    private void ReadChoices()
    {
        if (!JsonMembers.TryEnterArray(ref _reader))
            return;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _choices++;
            if (_reader.TokenType == JsonTokenType.StartObject)
                ReadChoice();
            else
                _reader.Skip();
        }
    }

    private void ReadChoice()
    {
        var kept = false;
        var finished = false;
        var index = _choices - 1;
        while (NextMember(out var name, out var start))
        {
            if (name.SequenceEqual("usage"u8))
            {
                ReadUsage(start, kept);
                continue;
            }

            kept = true;
            if (name.SequenceEqual("delta"u8) || name.SequenceEqual("message"u8))
                ReadDelta();
            else if (name.SequenceEqual("text"u8))
                ReadText(TextKinds.Content);
            else if (name.SequenceEqual("finish_reason"u8))
                finished |= ReadFinishReason();
            else if (name.SequenceEqual("index"u8))
                index = ReadIndex(otherwise: index);
            else if (name.SequenceEqual("error"u8))
                ReadError();
            else if (name.SequenceEqual("flag"u8))
                _facts.IsFlagged |= ReadTruthy(out _);
            else
                JsonMembers.SkipValue(ref _reader);
        }

        if (index is < 0 or >= ChatChunkFacts.MaxChoices)
            return;
        _facts.SeenChoices |= UInt128.One << index;
        if (finished)
            _facts.FinishedChoices |= UInt128.One << index;
    }

    private int ReadIndex(int otherwise)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.Number)
            return _reader.TryGetInt32(out var index) ? index : otherwise;
        _reader.Skip();
        return otherwise;
    }

    private bool ReadFinishReason()
    {
        var value = ReadString();

        // Some providers write "" where OpenAI writes null.
        if (value.IsEmpty)
            return false;
        var reason = FinishReasons.Parse(value.In(_json));
        _facts.FinishReason = reason;
        _facts.FinishReasonValue = value;
        if (_facts.ForeignFinishReason.IsEmpty && !value.In(_json).SequenceEqual(FinishReasons.ToOpenAI(reason)))
            _facts.ForeignFinishReason = value;
        _facts.HasContent = true;
        _facts.HasError |= reason is FinishReason.Error or FinishReason.Overloaded;
        return true;
    }
}

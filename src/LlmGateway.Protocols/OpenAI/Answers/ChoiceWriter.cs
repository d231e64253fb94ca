using System.Buffers;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Writes one choice of a kept answer as chunks.</summary>
internal ref struct ChoiceWriter
{
    private readonly ChunkFrames _frames;
    private readonly ReadOnlySpan<byte> _choice;
    private readonly ReadOnlySpan<byte> _index;
    private readonly ReadOnlySpan<byte> _message;
    private readonly ReadOnlySpan<byte> _text;
    private readonly ReadOnlySpan<byte> _finishReason;
    private ReadOnlySpan<byte> _logprobs;
    private ReadOnlySpan<byte> _once;

    /// <param name="once">Members of the top that only the first chunk has.</param>
    public ChoiceWriter(in ChunkFrames frames, ReadOnlySpan<byte> choice, ReadOnlySpan<byte> once)
    {
        _frames = frames;
        _choice = choice;
        _once = once;
        _finishReason = "null"u8;
        var reader = new DocumentReader(choice);
        while (reader.NextMember(out var member))
        {
            if (member.Is("index"u8))
                _index = member.Value;
            else if (member.Is("message"u8))
                _message = member.Value;
            else if (member.Is("text"u8))
                _text = member.IsText ? member.Text : default;
            else if (member.Is("logprobs"u8))
                _logprobs = member.Value;
            else if (member.Is("finish_reason"u8))
                _finishReason = member.Value;
        }
    }

    private readonly IBufferWriter<byte> Output => _frames.Output;

    public void WriteCompletion()
    {
        for (var rest = _text; !rest.IsEmpty;)
        {
            var length = TextPieces.Next(rest);
            BeginText(rest[..length]);
            EndChunk("null"u8, withLogprobs: true);
            rest = rest[length..];
        }

        BeginText(default);
        WriteOthers();
        EndChunk(_finishReason, withLogprobs: true);
    }

    public void WriteChat()
    {
        WriteRole();
        WriteTexts(ofAnswer: false);
        WriteTexts(ofAnswer: true);
        WriteOtherMembers();
        BeginDelta();
        Output.Write("}"u8);
        WriteOthers();
        EndChunk(_finishReason, withLogprobs: true);
    }

    /// <summary>The role, and whatever is null or empty: only here it can be said.</summary>
    private void WriteRole()
    {
        BeginDelta();
        var separator = ""u8;
        var reader = new DocumentReader(_message);
        while (reader.NextMember(out var member))
        {
            var isContent = member.Is("content"u8);
            if (!isContent && !member.Is("role"u8) && !member.IsNull && !(member.IsText && member.Text.IsEmpty))
                continue;
            Output.Write(separator);
            separator = ","u8;
            RawJson.WriteQuoted(member.Name, Output);
            Output.Write(":"u8);
            Output.Write(isContent && member.IsText ? "\"\""u8 : member.Value);
        }

        EndDelta();
    }

    /// <param name="ofAnswer">The content and the refusal; else all texts but these: the train of thought comes before what came of it.</param>
    private void WriteTexts(bool ofAnswer)
    {
        var reader = new DocumentReader(_message);
        while (reader.NextMember(out var member))
        {
            var isAnswer = member.Is("content"u8) || member.Is("refusal"u8);
            if (!member.IsText || member.Is("role"u8) || isAnswer != ofAnswer)
                continue;
            for (var rest = member.Text; !rest.IsEmpty;)
            {
                var length = TextPieces.Next(rest);
                BeginDelta();
                RawJson.WriteQuoted(member.Name, Output);
                Output.Write(":"u8);
                RawJson.WriteQuoted(rest[..length], Output);
                EndDelta(withLogprobs: isAnswer);
                rest = rest[length..];
            }
        }
    }

    private void WriteOtherMembers()
    {
        var reader = new DocumentReader(_message);
        while (reader.NextMember(out var member))
        {
            if (member.IsText || member.IsNull)
                continue;
            if (member.Is("tool_calls"u8))
            {
                WriteCalls(member.Value);
                continue;
            }

            if (member.Is("function_call"u8))
            {
                WriteCalled(member.Name, member.Value, index: -1, default);
                continue;
            }

            BeginDelta();
            RawJson.WriteQuoted(member.Name, Output);
            Output.Write(":"u8);
            Output.Write(member.Value);
            EndDelta();
        }
    }

    private void WriteCalls(ReadOnlySpan<byte> calls)
    {
        var reader = new DocumentReader(calls);
        for (var index = 0; reader.NextElement(out var call); index++)
        {
            ReadOnlySpan<byte> name = default, called = default;
            var others = new ArrayBufferWriter<byte>();
            var members = new DocumentReader(call);
            while (members.NextMember(out var member))
            {
                if (member.Is("function"u8) || member.Is("custom"u8))
                {
                    name = member.Name;
                    called = member.Value;
                    continue;
                }

                RawJson.WriteQuoted(member.Name, others);
                others.Write(":"u8);
                others.Write(member.Value);
                others.Write(","u8);
            }

            WriteCalled(name, called, index, others.WrittenSpan);
        }
    }

    /// <summary>First what is called, then the arguments in pieces.</summary>
    private void WriteCalled(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> called, int index, ReadOnlySpan<byte> others)
    {
        ReadOnlySpan<byte> textName = default, text = default;
        BeginCall(kind, index, others);
        var separator = ""u8;
        var reader = new DocumentReader(called);
        while (reader.NextMember(out var member))
        {
            Output.Write(separator);
            separator = ","u8;
            RawJson.WriteQuoted(member.Name, Output);
            Output.Write(":"u8);
            if (!member.Is("arguments"u8) && !member.Is("input"u8))
            {
                Output.Write(member.Value);
                continue;
            }

            textName = member.Name;
            text = member.Text;
            Output.Write("\"\""u8);
        }

        EndCall(index);
        while (!text.IsEmpty)
        {
            var length = TextPieces.Next(text);
            BeginCall(kind, index, default);
            RawJson.WriteQuoted(textName, Output);
            Output.Write(":"u8);
            RawJson.WriteQuoted(text[..length], Output);
            EndCall(index);
            text = text[length..];
        }
    }

    private void BeginCall(ReadOnlySpan<byte> kind, int index, ReadOnlySpan<byte> others)
    {
        BeginDelta();
        if (index >= 0)
        {
            Output.Write("\"tool_calls\":[{\"index\":"u8);
            RawJson.WriteNumber(index, Output);
            Output.Write(","u8);
            Output.Write(others);
        }

        RawJson.WriteQuoted(kind, Output);
        Output.Write(":{"u8);
    }

    private void EndCall(int index)
    {
        Output.Write(index >= 0 ? "}}]"u8 : "}"u8);
        EndDelta();
    }

    private void BeginDelta()
    {
        BeginChunk();
        Output.Write(",\"delta\":{"u8);
    }

    private void EndDelta(bool withLogprobs = false)
    {
        Output.Write("}"u8);
        EndChunk("null"u8, withLogprobs);
    }

    private void BeginText(ReadOnlySpan<byte> text)
    {
        BeginChunk();
        Output.Write(",\"text\":"u8);
        RawJson.WriteQuoted(text, Output);
    }

    private void BeginChunk()
    {
        _frames.BeginChoice(_index, _once);
        _once = default;
    }

    /// <summary>The probabilities of all tokens come with the first piece of the answer; the others say that they have none.</summary>
    private void EndChunk(ReadOnlySpan<byte> finishReason, bool withLogprobs)
    {
        if (!_logprobs.IsEmpty)
        {
            Output.Write(",\"logprobs\":"u8);
            Output.Write(withLogprobs ? _logprobs : "null"u8);
            _logprobs = withLogprobs ? "null"u8 : _logprobs;
        }

        Output.Write(",\"finish_reason\":"u8);
        Output.Write(finishReason);
        _frames.EndChoice();
    }

    /// <summary>What the choice has beside what every choice has; it comes with the finish reason.</summary>
    private readonly void WriteOthers()
    {
        var reader = new DocumentReader(_choice);
        while (reader.NextMember(out var member))
        {
            if (member.Is("index"u8) || member.Is("message"u8) || member.Is("text"u8) || member.Is("logprobs"u8) || member.Is("finish_reason"u8))
                continue;
            Output.Write(","u8);
            RawJson.WriteQuoted(member.Name, Output);
            Output.Write(":"u8);
            Output.Write(member.Value);
        }
    }
}

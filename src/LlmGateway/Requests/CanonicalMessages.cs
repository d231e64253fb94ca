using System.Text.Json;

namespace LlmGateway.Requests;

/// <summary>Writes the messages of a chat in their canonical form, and learns what a cache must know of them.</summary>
internal struct CanonicalMessages
{
    private BodyRange _contentAt;
    private bool _isUser;
    private bool _isLastUsers;

    public bool HasTools { get; private set; }

    public bool HasMedia { get; private set; }

    public int Count { get; private set; }

    public int UserTurns { get; private set; }

    public BodyRange LastUserTurn { get; private set; }

    public readonly bool EndsWithUserText => _isLastUsers && LastUserTurn.Exists;

    /// <summary>The array that the reader is at, to its end.</summary>
    /// <param name="turn">Gets the frame of the text of the last user turn; empty where that turn is not just text.</param>
    public void Read(ref Utf8JsonReader reader, ref FrameBuffer frames, ref MemberFrames members, ref FrameRange turn)
    {
        frames.Add(FrameBuffer.Array);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            ReadMessage(ref reader, ref frames, ref members, ref turn);
        }

        frames.Add(FrameBuffer.End);
    }

    private void ReadMessage(ref Utf8JsonReader reader, ref FrameBuffer frames, ref MemberFrames members, ref FrameRange turn)
    {
        FrameRange text = default;
        Count++;
        _contentAt = default;
        _isUser = false;
        var first = members.Count;
        frames.Add(FrameBuffer.Object);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var head = frames.BeginMember(ref reader);
            if (head.Name(frames.Written).SequenceEqual("content"u8))
            {
                ReadContent(ref reader, ref frames, ref members, out text);
            }
            else
            {
                frames.AddValue(ref reader);
            }

            var name = head.Name(frames.Written);
            if (CanonicalMembers.IsCacheMark(name))
            {
                frames.Truncate(head.Start);
                continue;
            }

            var value = frames.Written[head.ValueStart..];
            var isDefault = CanonicalMembers.IsDefaultInMessage(name, value);
            if (!isDefault)
            {
                Note(name, value);
            }

            members.Add(head.To(frames.Length, isDefault));
        }

        members.Close(first, ref frames, ref turn, ref text);
        frames.Add(FrameBuffer.End);
        _isLastUsers = _isUser;
        if (_isUser)
        {
            UserTurns++;
            LastUserTurn = _contentAt;
            turn = text;
        }
    }

    private void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("role"u8))
        {
            _isUser = CanonicalMembers.IsText(value, "user"u8);
            HasTools |= CanonicalMembers.IsText(value, "tool"u8) || CanonicalMembers.IsText(value, "function"u8);
        }
        else if (name.SequenceEqual("tool_calls"u8) || name.SequenceEqual("function_call"u8))
        {
            HasTools = true;
        }
        else if (name.SequenceEqual("audio"u8))
        {
            HasMedia = true;
        }
    }

    /// <param name="text">The frame of the content, where it is one text.</param>
    private void ReadContent(ref Utf8JsonReader reader, ref FrameBuffer frames, ref MemberFrames members, out FrameRange text)
    {
        text = default;
        _contentAt = default;
        var start = frames.Length;
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            if (reader.TokenType is JsonTokenType.String)
            {
                _contentAt = StringAt(reader);
                frames.AddText(reader);
                text = new FrameRange(start, frames.Length - start);
            }
            else
            {
                frames.AddValue(ref reader);
            }

            return;
        }

        frames.Add(FrameBuffer.Array);
        var (parts, textParts) = (0, 0);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            parts++;
            if (reader.TokenType is JsonTokenType.StartObject)
            {
                textParts += ReadPart(ref reader, ref frames, ref members) ? 1 : 0;
            }
            else
            {
                frames.AddValue(ref reader);
            }
        }

        if (parts == 1 && textParts == 1)
        {
            // One text in a list is that text.
            var frame = start + 2;
            frames.MoveDown(frame, frames.Length - frame, start);
            text = new FrameRange(start, frames.Length - start);
        }
        else
        {
            _contentAt = default;
            frames.Add(FrameBuffer.End);
        }
    }

    /// <summary>True for a part that is nothing but text.</summary>
    private bool ReadPart(ref Utf8JsonReader reader, ref FrameBuffer frames, ref MemberFrames members)
    {
        FrameRange text = default, none = default;
        bool isText = false, isOther = false;
        BodyRange textAt = default;
        var (first, partStart) = (members.Count, frames.Length);
        frames.Add(FrameBuffer.Object);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var head = frames.BeginMember(ref reader);
            var isString = reader.TokenType is JsonTokenType.String;
            var at = StringAt(reader);
            frames.AddValue(ref reader);
            var name = head.Name(frames.Written);
            if (CanonicalMembers.IsCacheMark(name))
            {
                frames.Truncate(head.Start);
                continue;
            }

            if (name.SequenceEqual("text"u8) && isString && !text.Exists)
            {
                text = new FrameRange(head.ValueStart, frames.Length - head.ValueStart);
                textAt = at;
            }
            else if (name.SequenceEqual("type"u8) && !isText && CanonicalMembers.IsText(frames.Written[head.ValueStart..], "text"u8))
            {
                isText = true;
            }
            else
            {
                isOther = true;
            }

            members.Add(head.To(frames.Length, isDefault: false));
        }

        if (isText && text.Exists && !isOther)
        {
            members.Drop(first);
            frames.MoveDown(text.Start, text.Length, partStart + 1);
            frames.SetKind(partStart, FrameBuffer.TextPart);
            _contentAt = textAt;
            return true;
        }

        HasMedia |= !isText;
        members.Close(first, ref frames, ref none, ref none);
        frames.Add(FrameBuffer.End);
        return false;
    }

    private static BodyRange StringAt(in Utf8JsonReader reader) => new((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
}

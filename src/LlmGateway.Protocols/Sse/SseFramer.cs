namespace LlmGateway.Protocols.Sse;

/// <summary>Splits a byte stream into server-sent events without copying it.</summary>
/// <remarks>
/// The caller owns the buffer: it appends what arrives, asks for the next event, and drops <see cref="SseEvent.Length"/> bytes from the
/// front after each one. Between calls the unread part may move and grow but must begin with the same byte. Every byte is looked at once,
/// however small the pieces in which it arrives. LF, CRLF and CR end lines, in any mixture. Not thread-safe; one instance a stream.
/// </remarks>
public sealed class SseFramer
{
    private bool _started;
    private int _lineStart;
    private int _scanned;
    private ByteRange _data;
    private ByteRange _name;
    private int _dataLines;
    private bool _hasComment;
    private bool _hasField;

    /// <summary>Takes the next complete event from the front of the unread bytes.</summary>
    /// <param name="unread">All bytes not yet consumed, from the first byte of the event at hand.</param>
    /// <param name="endOfStream">No byte will follow: the rest counts as an event even without its blank line.</param>
    /// <param name="ev">The event; its offsets count from the start of <paramref name="unread"/>.</param>
    /// <returns>False when more bytes are needed, or at the end of the stream when none are left.</returns>
    public bool TryReadEvent(ReadOnlySpan<byte> unread, bool endOfStream, out SseEvent ev)
    {
        while (TryFindLineEnd(unread, endOfStream, out var lineEnd, out var next))
        {
            var start = SkipByteOrderMark(unread, lineEnd);
            var blank = start == lineEnd;
            if (!blank)
                TakeLine(unread[start..lineEnd], start);
            _lineStart = _scanned = next;
            if (blank)
            {
                ev = Finish(unread, unterminated: false);
                return true;
            }
        }

        if (!endOfStream || unread.IsEmpty)
        {
            ev = default;
            return false;
        }

        // Whatever follows the last line end is a line too; it may be empty when only the blank line is missing.
        var rest = SkipByteOrderMark(unread, unread.Length);
        if (rest < unread.Length)
            TakeLine(unread[rest..], rest);
        _lineStart = unread.Length;
        ev = Finish(unread, unterminated: true);
        return true;
    }

    /// <summary>Makes the framer ready for another stream.</summary>
    public void Reset()
    {
        _started = false;
        ForgetEvent();
    }

    private bool TryFindLineEnd(ReadOnlySpan<byte> unread, bool endOfStream, out int lineEnd, out int next)
    {
        lineEnd = next = 0;
        var found = unread[_scanned..].IndexOfAny((byte)'\r', (byte)'\n');
        if (found < 0)
        {
            _scanned = unread.Length;
            return false;
        }

        lineEnd = _scanned + found;
        next = lineEnd + 1;
        if (unread[lineEnd] == (byte)'\n')
            return true;
        if (next < unread.Length)
        {
            if (unread[next] == (byte)'\n')
                next++;
            return true;
        }

        // A CR that is the last byte we have may be half of a CRLF: wait for the next byte.
        _scanned = lineEnd;
        return endOfStream;
    }

    private int SkipByteOrderMark(ReadOnlySpan<byte> unread, int lineEnd)
    {
        if (_started)
            return _lineStart;
        _started = true;
        return unread[..lineEnd].StartsWith(SseLines.ByteOrderMark) ? SseLines.ByteOrderMark.Length : _lineStart;
    }

    private void TakeLine(ReadOnlySpan<byte> line, int offset)
    {
        if (line[0] == (byte)':')
        {
            _hasComment = true;
            return;
        }

        _hasField = true;
        var value = SseLines.ValueOffset(line, "data"u8);
        if (value >= 0)
        {
            _dataLines++;
            _data = new ByteRange(offset + value, line.Length - value);
            return;
        }

        value = SseLines.ValueOffset(line, "event"u8);
        if (value >= 0)
            _name = new ByteRange(offset + value, line.Length - value);
    }

    private SseEvent Finish(ReadOnlySpan<byte> unread, bool unterminated)
    {
        var ev = new SseEvent
        {
            Length = _lineStart,
            Data = _dataLines == 1 ? _data : default,
            DataLines = _dataLines,
            Name = _name,
            IsComment = _hasComment && !_hasField,
            IsEmpty = !_hasComment && !_hasField,
            IsUnterminated = unterminated,
            IsDone = _dataLines == 1 && _data.In(unread).Trim(" \t"u8).SequenceEqual("[DONE]"u8),
        };
        ForgetEvent();
        return ev;
    }

    private void ForgetEvent()
    {
        _lineStart = _scanned = _dataLines = 0;
        _data = _name = default;
        _hasComment = _hasField = false;
    }
}

using System.Buffers;

namespace LlmGateway.Protocols.Sse;

/// <summary>One event of a server-sent event stream, as offsets into the buffer given to <see cref="SseFramer"/>.</summary>
/// <remarks>All offsets count from the first byte of the event, which is the first unread byte of the caller's buffer.</remarks>
public readonly record struct SseEvent
{
    /// <summary>Bytes that the event takes up, with its terminating blank line (and a byte order mark before it, if any).</summary>
    public int Length { get; internal init; }

    /// <summary>The payload of the only <c>data:</c> line, without the one optional space; empty when there is none or several.</summary>
    public ByteRange Data { get; internal init; }

    /// <summary>How many <c>data:</c> lines there are. With more than one, take the payload from <see cref="CopyData"/>.</summary>
    public int DataLines { get; internal init; }

    /// <summary>The value of the last <c>event:</c> line; empty when there is none.</summary>
    public ByteRange Name { get; internal init; }

    /// <summary>Only comment lines: a keep-alive. Pass it on, it carries nothing else.</summary>
    public bool IsComment { get; internal init; }

    /// <summary>Only a blank line.</summary>
    public bool IsEmpty { get; internal init; }

    /// <summary>The stream ended before the blank line that should end the event; a forwarder has to add it.</summary>
    public bool IsUnterminated { get; internal init; }

    /// <summary>The payload is OpenAI's end mark <c>[DONE]</c>, spaces around it forgiven.</summary>
    public bool IsDone { get; internal init; }

    /// <summary>Whether there is at least one <c>data:</c> line, be it an empty one.</summary>
    public bool HasData => DataLines > 0;

    /// <summary>Whether the payload is spread over several <c>data:</c> lines.</summary>
    public bool IsMultiLine => DataLines > 1;

    /// <summary>Appends the payload to <paramref name="output"/>, several lines joined by a line feed as the standard asks.</summary>
    /// <param name="unread">The bytes given to the framer, from the first byte of this event.</param>
    /// <param name="output">Where the payload goes.</param>
    public void CopyData(ReadOnlySpan<byte> unread, IBufferWriter<byte> output)
    {
        if (DataLines == 1)
            output.Write(Data.In(unread));
        else if (DataLines > 1)
            SseLines.JoinData(unread[..Length], output);
    }
}

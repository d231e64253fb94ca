using System.Buffers;

namespace LlmGateway.Protocols.Sse;

/// <summary>The line grammar of https://html.spec.whatwg.org/multipage/server-sent-events.html, section 9.2.6.</summary>
internal static class SseLines
{
    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Where the value begins in a line of that field name, or -1 when the line is another field.</summary>
    public static int ValueOffset(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field)
    {
        if (!line.StartsWith(field))
            return -1;
        if (line.Length == field.Length)
            return line.Length;
        if (line[field.Length] != (byte)':')
            return -1;
        var value = field.Length + 1;
        return value < line.Length && line[value] == (byte)' ' ? value + 1 : value;
    }

    public static void JoinData(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (bytes.StartsWith(ByteOrderMark))
            bytes = bytes[ByteOrderMark.Length..];
        var first = true;
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            var value = ValueOffset(line, "data"u8);
            if (value >= 0)
            {
                if (!first)
                    output.Write("\n"u8);
                output.Write(line[value..]);
                first = false;
            }

            // A blank line between CR and LF of one terminator is no field, so the pair needs no care here.
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }
    }
}

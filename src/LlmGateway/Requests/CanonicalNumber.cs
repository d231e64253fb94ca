using System.Buffers.Text;

namespace LlmGateway.Requests;

/// <summary>One spelling for each number: <c>1</c>, <c>1.0</c> and <c>10e-1</c> are the same.</summary>
internal static class CanonicalNumber
{
    /// <summary>So many bytes a number may be longer than it was.</summary>
    public const int MaxGrowth = 24;

    /// <summary>Writes all its digits but leading and closing zeros, then, where there is one, <c>e</c> and the power of ten.</summary>
    /// <param name="raw">The number as a JSON reader has validated it.</param>
    public static int Write(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        if (raw.Length > 0 && raw[0] is not ((byte)'-' or (byte)'0') && raw[^1] != (byte)'0' && raw.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            raw.CopyTo(destination);
            return raw.Length;
        }

        return WriteOther(raw, destination);
    }

    private static int WriteOther(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var mark = raw.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = mark < 0 ? raw : raw[..mark];
        long power = 0;
        if (mark >= 0)
        {
            // An exponent beyond all sense is not worked out: such a number equals only itself as it is written.
            var exponent = raw[(mark + 1)..].TrimStart((byte)'+');
            if (exponent.Length > 15 || !Utf8Parser.TryParse(exponent, out power, out var used) || used != exponent.Length)
            {
                raw.CopyTo(destination);
                return raw.Length;
            }
        }

        var length = 0;
        if (mantissa[0] == (byte)'-')
        {
            destination[length++] = (byte)'-';
            mantissa = mantissa[1..];
        }

        var first = length;
        foreach (var letter in mantissa)
        {
            if (letter != (byte)'.' && (letter != (byte)'0' || length > first))
            {
                destination[length++] = letter;
            }
        }

        var point = mantissa.IndexOf((byte)'.');
        power -= point < 0 ? 0 : mantissa.Length - point - 1;
        while (length > first && destination[length - 1] == (byte)'0')
        {
            length--;
            power++;
        }

        if (length == first)
        {
            // Zero has neither sign nor power.
            destination[0] = (byte)'0';
            return 1;
        }

        if (power != 0)
        {
            destination[length++] = (byte)'e';
            Utf8Formatter.TryFormat(power, destination[length..], out var written);
            length += written;
        }

        return length;
    }
}

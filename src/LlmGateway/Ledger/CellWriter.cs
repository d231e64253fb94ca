using System.Buffers.Binary;
using System.Globalization;
using System.Text.Unicode;

namespace LlmGateway.Ledger;

/// <summary>
/// Writes columns of a row, one behind the other, into a slot: <c>0</c> for NULL, <c>1</c> and eight bytes for an integer,
/// <c>2</c>, two bytes of length and UTF-8 for a text. Texts stand as the database will have them, so that the writer only binds them.
/// </summary>
internal ref struct CellWriter(Span<byte> buffer)
{
    /// <summary>Bytes of a text cell besides the text.</summary>
    public const int TextOverhead = 3;

    /// <summary>Longest name that is kept whole; what is longer is cut.</summary>
    public const int LongestName = 192;

    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public void Null() => _buffer[Length++] = (byte)CellKind.Null;

    public void Integer(long value)
    {
        _buffer[Length] = (byte)CellKind.Integer;
        BinaryPrimitives.WriteInt64LittleEndian(_buffer[(Length + 1)..], value);
        Length += 1 + sizeof(long);
    }

    public void Integer(long? value)
    {
        if (value is { } known)
        {
            Integer(known);
        }
        else
        {
            Null();
        }
    }

    public void Boolean(bool value) => Integer(value ? 1 : 0);

    public void Text(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room());
        Close(value.Length);
    }

    /// <summary>A name of the configuration, the request or the answer; cut after <see cref="LongestName"/> bytes, never inside a character.</summary>
    public void Name(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        Utf8.FromUtf16(value, Room()[..LongestName], out _, out var written);
        Close(written);
    }

    /// <summary>RFC 3339 in UTC, six decimals, fixed width: the order of the text is the order of time.</summary>
    public void Time(DateTimeOffset value)
    {
        const int UpToMicroseconds = 26;
        value.UtcDateTime.TryFormat(Room(), out _, "O", CultureInfo.InvariantCulture);
        Room()[UpToMicroseconds] = (byte)'Z';
        Close(UpToMicroseconds + 1);
    }

    public void Time(DateTimeOffset? value)
    {
        if (value is { } known)
        {
            Time(known);
        }
        else
        {
            Null();
        }
    }

    public void Id(Guid value)
    {
        value.TryFormat(Room(), out var written);
        Close(written);
    }

    /// <summary>With exactly nine decimals.</summary>
    public void Amount(decimal value)
    {
        value.TryFormat(Room(), out var written, "F9", CultureInfo.InvariantCulture);
        Close(written);
    }

    private readonly Span<byte> Room() => _buffer[(Length + TextOverhead)..];

    private void Close(int textLength)
    {
        _buffer[Length] = (byte)CellKind.Text;
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer[(Length + 1)..], (ushort)textLength);
        Length += TextOverhead + textLength;
    }
}

/// <summary>First byte of a cell.</summary>
internal enum CellKind : byte
{
    Null,
    Integer,
    Text,
}

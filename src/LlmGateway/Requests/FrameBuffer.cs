using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace LlmGateway.Requests;

/// <summary>
/// Pooled bytes that JSON values are written to as frames, each of which tells where it ends: so no two different values, and no two different
/// sequences of values, give the same bytes.
/// </summary>
internal struct FrameBuffer(int capacity)
{
    public const byte Null = (byte)'n';
    public const byte True = (byte)'t';
    public const byte False = (byte)'f';
    public const byte Number = (byte)'d';
    public const byte Text = (byte)'s';
    public const byte Array = (byte)'a';
    public const byte Object = (byte)'o';
    public const byte End = (byte)'e';

    /// <summary>A content part that is nothing but text: the frame of the text follows.</summary>
    public const byte TextPart = (byte)'p';

    /// <summary>Bytes of a text's frame before the text: its kind and its length.</summary>
    public const int TextHead = 1 + sizeof(int);

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The pooled array. It is the taker's to return.</summary>
    public readonly byte[] Take() => _bytes;

    public void Truncate(int length) => Length = length;

    public void Add(byte kind)
    {
        Reserve(1);
        _bytes[Length++] = kind;
    }

    /// <summary>The value that the reader is at, to its end: members in their order, since a model may be shown them as they stand.</summary>
    public void AddValue(ref Utf8JsonReader reader)
    {
        AddToken(reader);
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = reader.CurrentDepth;
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                AddToken(reader);
            }

            Add(End);
        }
    }

    /// <summary>Writes the name that the reader is at, and takes the reader on to its value.</summary>
    public MemberHead BeginMember(ref Utf8JsonReader reader)
    {
        var start = Length;
        AddText(reader);
        reader.Read();
        return new MemberHead(start, Length);
    }

    /// <summary>The name or string that the reader is at.</summary>
    public void AddText(in Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        Reserve(TextHead + raw.Length);
        var head = _bytes.AsSpan(Length, TextHead);
        head[0] = Text;
        var text = _bytes.AsSpan(Length + TextHead);
        var length = raw.Length;
        if (reader.ValueIsEscaped)
        {
            length = JsonEscapes.Unescape(raw, text);
        }
        else
        {
            raw.CopyTo(text);
        }

        BinaryPrimitives.WriteInt32LittleEndian(head[1..], length);
        Length += TextHead + length;
    }

    public readonly void SetKind(int at, byte kind) => _bytes[at] = kind;

    /// <summary>Moves the bytes from <paramref name="from"/> to <paramref name="to"/>, over what stood between; they end the buffer then.</summary>
    public void MoveDown(int from, int length, int to)
    {
        _bytes.AsSpan(from, length).CopyTo(_bytes.AsSpan(to));
        Length = to + length;
    }

    /// <summary>Replaces what stands from <paramref name="start"/> on.</summary>
    public void Replace(int start, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(start));
        Length = start + bytes.Length;
    }

    private void AddToken(in Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String or JsonTokenType.PropertyName:
                AddText(reader);
                break;
            case JsonTokenType.Number:
                AddNumber(reader.ValueSpan);
                break;
            default:
                Add(reader.TokenType switch
                {
                    JsonTokenType.StartObject => Object,
                    JsonTokenType.StartArray => Array,
                    JsonTokenType.True => True,
                    JsonTokenType.False => False,
                    JsonTokenType.Null => Null,
                    _ => End,
                });
                break;
        }
    }

    // No digit is a zero byte, so one ends the number.
    private void AddNumber(ReadOnlySpan<byte> raw)
    {
        Reserve(raw.Length + CanonicalNumber.MaxGrowth + 2);
        _bytes[Length++] = Number;
        Length += CanonicalNumber.Write(raw, _bytes.AsSpan(Length));
        _bytes[Length++] = 0;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, Length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}

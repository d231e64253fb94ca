using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace LlmGateway.Caching.Entries;

/// <summary>Writes the parts of an entry; <see cref="EntryReader"/> reads them.</summary>
internal readonly ref struct EntryWriter(IBufferWriter<byte> output)
{
    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    /// <summary>With their length before them.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        output.Write(value);
    }

    public void Amount(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        foreach (var part in parts)
        {
            Int(part);
        }
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Int(length);
        Encoding.UTF8.GetBytes(value, output.GetSpan(length));
        output.Advance(length);
    }
}

using System.Buffers.Binary;
using System.Text;

namespace LlmGateway.Caching.Entries;

/// <summary>Reads the parts of an entry. After one that cannot be, all are empty, and <see cref="Failed"/> says so.</summary>
internal ref struct EntryReader(ReadOnlySpan<byte> input)
{
    private const int MostTexts = 1024;
    private const int ScaleShift = 16;
    private const int LargestScale = 28;
    private const int ScaleAndSign = unchecked((int)0x80FF0000);

    private ReadOnlySpan<byte> _left = input;

    public bool Failed { get; private set; }

    /// <summary>Bytes that were not read yet.</summary>
    public readonly int Left => _left.Length;

    public byte Byte() => Take(1) is { IsEmpty: false } bytes ? bytes[0] : (byte)0;

    /// <summary>A length.</summary>
    public int Int()
    {
        var value = Part();
        Failed |= value < 0;
        return Math.Max(value, 0);
    }

    public long Long() => Take(sizeof(long)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    public DateTimeOffset Instant()
    {
        var ticks = Long();
        Failed |= ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks;
        return Failed ? default : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    public decimal Amount()
    {
        Span<int> parts = [Part(), Part(), Part(), Part()];
        Failed |= (parts[3] & ~ScaleAndSign) != 0 || ((parts[3] >> ScaleShift) & 0xFF) > LargestScale;
        return Failed ? 0 : new decimal(parts);
    }

    public ReadOnlySpan<byte> Bytes() => Take(Int());

    public string Text() => Encoding.UTF8.GetString(Take(Int()));

    public string[] Texts()
    {
        var count = Int();
        Failed |= count > MostTexts;
        if (Failed || count == 0)
        {
            return [];
        }

        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    private int Part() => Take(sizeof(int)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    private ReadOnlySpan<byte> Take(int length)
    {
        if (Failed || length > _left.Length)
        {
            Failed = true;
            return default;
        }

        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}

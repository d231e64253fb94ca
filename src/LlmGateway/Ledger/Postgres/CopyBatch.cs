using System.Buffers.Binary;
using System.Buffers.Text;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// Rows in PostgreSQL's binary COPY format, written straight from what SQLite has. Through the driver's importer a row of 38 columns costs three
/// times as much, most of it for strings that nobody reads.
/// </summary>
/// <param name="careful">For a row that the server refused: texts in plain ASCII, tags marked as lost.</param>
internal sealed class CopyBatch(bool careful = false)
{
    /// <summary>Bytes after which no further row is taken.</summary>
    private const int Full = 8 << 20;

    private const byte JsonVersion = 1;
    private const byte Substitute = 0x1A;
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    private static readonly long Epoch = new DateTime(2000, 1, 1).Ticks;

    private readonly HashSet<DateOnly> _days = [];
    private byte[] _buffer = new byte[256 * 1024];
    private int _length;
    private DateOnly _day;

    public int Rows { get; private set; }

    public long FirstId { get; private set; }

    public long LastId { get; private set; }

    /// <summary>UTC days that its rows started on.</summary>
    public IReadOnlyCollection<DateOnly> Days => _days;

    public bool HasRoom => _length < Full;

    /// <summary>What goes over the wire, once it is closed.</summary>
    public ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, _length);

    // Signature, flags, and the length of an extension that is not there.
    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', 10, 255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> TagsLost => """{"gateway.tags":"lost"}"""u8;

    public void BeginRow(long id)
    {
        if (Rows++ == 0)
        {
            FirstId = id;
            Bytes(Header);
        }

        LastId = id;
        BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), (short)LedgerColumn.All.Count);
        _length += sizeof(short);
    }

    public void Null() => Length(-1);

    public void Integer(ColumnKind kind, long value)
    {
        switch (kind)
        {
            case ColumnKind.Flag:
                Length(1);
                Room(1)[0] = value != 0 ? (byte)1 : (byte)0;
                _length++;
                break;
            case ColumnKind.Small:
                Length(sizeof(int));
                BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), (int)value);
                _length += sizeof(int);
                break;
            case ColumnKind.Big:
                Long(value);
                break;
            default:
                throw new InvalidOperationException($"the ledger has a number where its schema has {kind}");
        }
    }

    public void Text(ColumnKind kind, ReadOnlySpan<byte> text)
    {
        switch (kind)
        {
            case ColumnKind.Id:
                Length(16);
                Utf8Parser.TryParse(text, out Guid id, out _);
                id.TryWriteBytes(Room(16), bigEndian: true, out _);
                _length += 16;
                break;
            case ColumnKind.Time or ColumnKind.Start:
                Time(kind, text);
                break;
            case ColumnKind.Json or ColumnKind.Tags:
                text = careful && kind is ColumnKind.Tags ? TagsLost : StorableJson.Of(text);
                Length(text.Length + 1);
                Room(1)[0] = JsonVersion;
                _length++;
                Bytes(text);
                break;
            default:
                Length(text.Length);
                Bytes(text);
                Clean(_buffer.AsSpan(_length - text.Length, text.Length));
                break;
        }
    }

    /// <summary>No row comes any more.</summary>
    public void Close()
    {
        if (Rows > 0)
        {
            BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), -1);
            _length += sizeof(short);
        }
    }

    /// <summary>2026-11-23T12:00:00.123456Z</summary>
    private void Time(ColumnKind kind, ReadOnlySpan<byte> text)
    {
        var day = new DateOnly(Digits(text[..4]), Digits(text[5..7]), Digits(text[8..10]));
        if (kind is ColumnKind.Start && day != _day)
        {
            _day = day;
            _days.Add(day);
        }

        var seconds = (((Digits(text[11..13]) * 60) + Digits(text[14..16])) * 60) + Digits(text[17..19]);
        var ticks = (day.DayNumber * TimeSpan.TicksPerDay) - Epoch + (seconds * TimeSpan.TicksPerSecond);
        Long((ticks / TicksPerMicrosecond) + Digits(text[20..26]));
    }

    private static int Digits(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value * 10) + (digit - '0');
        }

        return value;
    }

    /// <summary>A NUL cannot be in a text of PostgreSQL; clients may send one.</summary>
    private void Clean(Span<byte> text)
    {
        text.Replace((byte)0, Substitute);
        for (var index = 0; careful && index < text.Length; index++)
        {
            text[index] = text[index] is >= 0x20 and < 0x7F ? text[index] : (byte)'?';
        }
    }

    private void Long(long value)
    {
        Length(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), value);
        _length += sizeof(long);
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private void Length(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), length);
        _length += sizeof(int);
    }

    private Span<byte> Room(int length)
    {
        if (_buffer.Length - _length < length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + length));
        }

        return _buffer.AsSpan(_length, length);
    }
}

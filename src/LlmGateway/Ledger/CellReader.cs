using System.Buffers.Binary;

namespace LlmGateway.Ledger;

/// <summary>Reads what <see cref="CellWriter"/> wrote.</summary>
internal ref struct CellReader(ReadOnlySpan<byte> cells)
{
    private ReadOnlySpan<byte> _rest = cells;

    public CellKind Kind { get; private set; }

    public long Integer { get; private set; }

    public ReadOnlySpan<byte> Text { get; private set; }

    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        Kind = (CellKind)_rest[0];
        var length = 1;
        switch (Kind)
        {
            case CellKind.Integer:
                Integer = BinaryPrimitives.ReadInt64LittleEndian(_rest[1..]);
                length = 1 + sizeof(long);
                break;
            case CellKind.Text:
                var text = BinaryPrimitives.ReadUInt16LittleEndian(_rest[1..]);
                Text = _rest.Slice(CellWriter.TextOverhead, text);
                length = CellWriter.TextOverhead + text;
                break;
        }

        _rest = _rest[length..];
        return true;
    }
}

using System.Runtime.CompilerServices;

namespace LlmGateway.Requests;

/// <summary>A few edits of a body that do not overlap, kept in the order of their places.</summary>
internal struct EditList
{
    // model, ours, usage, the message to go on from, what vLLM wants for it, two bounds
    private const int Capacity = 8;

    private Edits _edits;
    private int _count;

    public void Add(BodyRange range, ReadOnlyMemory<byte> text)
    {
        // What is put in where something else begins stands before it.
        var at = _count++;
        for (; at > 0 && (_edits[at - 1].Range.Start, _edits[at - 1].Range.Length).CompareTo((range.Start, range.Length)) > 0; at--)
        {
            _edits[at] = _edits[at - 1];
        }

        _edits[at] = (range, text);
    }

    public readonly OutgoingBody Apply(ReadOnlyMemory<byte> body, RequestBuffer? owner)
    {
        var segments = new ReadOnlyMemory<byte>[2 * _count + 1];
        var used = 0;
        var from = 0;
        for (var i = 0; i < _count; i++)
        {
            var (range, text) = _edits[i];
            AddSegment(segments, ref used, body[from..range.Start]);
            AddSegment(segments, ref used, text);
            from = range.Start + range.Length;
        }

        AddSegment(segments, ref used, body[from..]);
        return new OutgoingBody(owner, segments[..used]);
    }

    private static void AddSegment(ReadOnlyMemory<byte>[] segments, ref int used, ReadOnlyMemory<byte> segment)
    {
        if (!segment.IsEmpty)
        {
            segments[used++] = segment;
        }
    }

    [InlineArray(Capacity)]
    private struct Edits
    {
        private (BodyRange Range, ReadOnlyMemory<byte> Text) _first;
    }
}

using System.Runtime.CompilerServices;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>The nearest of all sketches that were offered. Kept unsorted with room to spare: most are refused by one comparison.</summary>
internal ref struct NearestSketches(Span<ulong> room)
{
    /// <summary>With real texts the best was at most the 21st by sketch.</summary>
    public const int Most = 64;

    /// <summary>Of the room that it needs.</summary>
    public const int Room = 4 * Most;

    private const int SlotBits = 16;
    private const int SegmentBits = 24;

    private readonly Span<ulong> _room = room;
    private int _count;

    /// <summary>Only what is nearer than this is of use.</summary>
    public ulong Bound { get; private set; } = ulong.MaxValue;

    public static (int Segment, int Slot) Place(ulong found) =>
        ((int)(found >> SlotBits) & ((1 << SegmentBits) - 1), (int)found & ((1 << SlotBits) - 1));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Offer(ulong distance, int segment, int slot)
    {
        if (_count == _room.Length)
        {
            Forget();
            if (distance >= Bound)
            {
                return;
            }
        }

        _room[_count++] = (distance << (SegmentBits + SlotBits)) | ((ulong)segment << SlotBits) | (uint)slot;
    }

    /// <summary>The nearest first; of equals the oldest.</summary>
    public readonly ReadOnlySpan<ulong> Found()
    {
        var found = _room[.._count];
        found.Sort();
        return found[..Math.Min(Most, _count)];
    }

    private void Forget()
    {
        _room.Sort();
        _count = Most;
        Bound = _room[Most - 1] >> (SegmentBits + SlotBits);
    }
}

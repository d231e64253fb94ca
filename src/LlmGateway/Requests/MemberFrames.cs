using System.Buffers;

namespace LlmGateway.Requests;

/// <summary>
/// The members of the objects whose order does not matter: those of the body, above them those of a message, above them those of a part. What
/// a provider makes of a name that is given twice depends on the order of the two, so that is kept.
/// </summary>
internal struct MemberFrames()
{
    // Beyond so many, sorting may allocate: no honest object has as many members.
    private const int Few = 32;

    private MemberFrame[] _frames = ArrayPool<MemberFrame>.Shared.Rent(2 * Few);

    public int Count { get; private set; }

    public void Add(MemberFrame frame)
    {
        if (Count == _frames.Length)
        {
            var larger = ArrayPool<MemberFrame>.Shared.Rent(2 * Count);
            _frames.AsSpan().CopyTo(larger);
            Return();
            _frames = larger;
        }

        _frames[Count++] = frame;
    }

    /// <summary>
    /// Takes off the members from <paramref name="first"/> on, and brings their frames, the last of the buffer, into the order of their names.
    /// </summary>
    /// <param name="marked">A range within the frames, which moves with them.</param>
    /// <param name="content">Another one.</param>
    public void Close(int first, ref FrameBuffer buffer, ref FrameRange marked, ref FrameRange content)
    {
        var members = _frames.AsSpan(first, Count - first);
        Count = first;
        if (!Sort(members, buffer.Written))
        {
            return;
        }

        var start = int.MaxValue;
        foreach (var member in members)
        {
            start = Math.Min(start, member.Start);
        }

        var sorted = ArrayPool<byte>.Shared.Rent(buffer.Length - start);
        var length = 0;
        var (oldMarked, oldContent) = (marked, content);
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            if (IsDropped(members, i, buffer.Written))
            {
                continue;
            }

            Follow(member, oldMarked, start + length, ref marked);
            Follow(member, oldContent, start + length, ref content);
            var frame = buffer.Written[member.Start..member.End];
            frame.CopyTo(sorted.AsSpan(length));
            length += frame.Length;
        }

        buffer.Replace(start, sorted.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(sorted);
    }

    /// <summary>Takes off the members from <paramref name="first"/> on.</summary>
    public void Drop(int first) => Count = first;

    public readonly void Return() => ArrayPool<MemberFrame>.Shared.Return(_frames);

    /// <summary>False when all may stay as it is.</summary>
    private static bool Sort(Span<MemberFrame> members, ReadOnlySpan<byte> frames)
    {
        var changed = false;
        if (members.Length > Few)
        {
            var copy = frames.ToArray();
            members.Sort((a, b) => Compare(a, b, copy));
            return true;
        }

        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            changed |= member.IsDefault;
            var at = i;
            for (; at > 0 && Compare(members[at - 1], member, frames) > 0; at--)
            {
                members[at] = members[at - 1];
                changed = true;
            }

            members[at] = member;
        }

        return changed;
    }

    private static int Compare(MemberFrame a, MemberFrame b, ReadOnlySpan<byte> frames)
    {
        var byName = a.Name(frames).SequenceCompareTo(b.Name(frames));
        return byName != 0 ? byName : a.Start.CompareTo(b.Start);
    }

    private static bool IsDropped(ReadOnlySpan<MemberFrame> members, int at, ReadOnlySpan<byte> frames)
    {
        if (!members[at].IsDefault)
        {
            return false;
        }

        var name = members[at].Name(frames);
        return (at == 0 || !members[at - 1].Name(frames).SequenceEqual(name))
            && (at == members.Length - 1 || !members[at + 1].Name(frames).SequenceEqual(name));
    }

    private static void Follow(MemberFrame member, FrameRange old, int start, ref FrameRange range)
    {
        if (old.Exists && old.Start >= member.Start && old.Start < member.End)
        {
            range = old with { Start = old.Start - member.Start + start };
        }
    }
}

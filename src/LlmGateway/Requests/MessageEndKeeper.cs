using System.Runtime.CompilerServices;

namespace LlmGateway.Requests;

/// <summary>
/// Collects the ends of the first two messages and of the last fourteen. Conversations of one application share how they begin; and the
/// request before this one in the same conversation ended a few messages before the end.
/// </summary>
internal struct MessageEndKeeper
{
    private const int First = 2;
    private const int Last = MessageEnd.Most - First;

    private Ring _kept;

    /// <summary>How many messages there are.</summary>
    public int Count { get; private set; }

    public void Add(int at, long tokens)
    {
        _kept[Place(Count)] = new MessageEnd(at, (int)Math.Min(int.MaxValue, tokens));
        Count++;
    }

    /// <summary>What is kept, in the order of the messages.</summary>
    public readonly MessageEnd[] ToArray()
    {
        if (Count == 0)
        {
            return [];
        }

        var ends = new MessageEnd[Math.Min(Count, MessageEnd.Most)];
        var skipped = Count - ends.Length;
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = _kept[Place(i < First ? i : i + skipped)];
        }

        return ends;
    }

    private static int Place(int message) => message < First ? message : First + (message - First) % Last;

    [InlineArray(MessageEnd.Most)]
    private struct Ring
    {
        private MessageEnd _first;
    }
}

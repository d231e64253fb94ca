namespace LlmGateway.Limits.InProcess;

/// <summary>What an account of this process holds. Guarded by the lock of its tenant.</summary>
internal abstract class Cell
{
    /// <summary>Taken for good.</summary>
    public abstract long Spent(in Moment now);

    /// <summary>Taken by exchanges under way.</summary>
    public abstract long Held(in Moment now);

    /// <summary>How long until there is room for <paramref name="amount"/> under <paramref name="limit"/>; zero for now, null where that cannot be told.</summary>
    public abstract TimeSpan? Wait(long amount, long limit, in Moment now);

    /// <summary>Holds, and says where.</summary>
    public abstract long Hold(long amount, in Moment now);

    /// <summary>Holds more where something is held already.</summary>
    public abstract void HoldMore(long amount, long place, in Moment now);

    /// <summary>What was held becomes what was taken.</summary>
    public abstract void Settle(long held, long actual, long place, in Moment now);

    /// <summary>Until what is in it now counts no more; zero where that is not a matter of time.</summary>
    public virtual TimeSpan Reset(in Moment now) => TimeSpan.Zero;

    /// <summary>What counts against the limit.</summary>
    public virtual long Used(in Moment now) => Sums.Add(Spent(now), Held(now));
}

/// <summary>Now, by the clock on the wall for periods, and by one that never steps back for windows.</summary>
/// <param name="Elapsed">Since some start.</param>
internal readonly record struct Moment(DateTimeOffset Wall, TimeSpan Elapsed);

/// <summary>Sums that end at the largest number in place of going round.</summary>
internal static class Sums
{
    public static long Add(long left, long right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) >= 0 ? sum : left < 0 ? long.MinValue : long.MaxValue;
    }
}

namespace LlmGateway.Limits.InProcess;

/// <summary>Requests in flight.</summary>
internal sealed class SlotsCell : Cell
{
    private long _held;

    public override long Spent(in Moment now) => 0;

    public override long Held(in Moment now) => _held;

    // Whoever holds one may give it back at any time.
    public override TimeSpan? Wait(long amount, long limit, in Moment now) => _held + amount <= limit ? TimeSpan.Zero : null;

    public override long Hold(long amount, in Moment now)
    {
        _held += amount;
        return 0;
    }

    public override void HoldMore(long amount, long place, in Moment now) => _held += amount;

    public override void Settle(long held, long actual, long place, in Moment now) => _held -= held;
}

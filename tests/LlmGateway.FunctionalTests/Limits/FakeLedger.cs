using LlmGateway.Gateway;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>A ledger that has spent so many tokens, lately, for whoever asks; or that does not answer.</summary>
internal sealed class FakeLedger(TimeProvider time) : ISpendHistory
{
    public long Tokens { get; set; }

    public bool Fails { get; set; }

    public bool Hangs { get; set; }

    public int Asked { get; private set; }

    public async ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellation)
    {
        Asked++;
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }

        if (Fails)
        {
            throw new InvalidOperationException("The ledger is away.");
        }

        return Tokens == 0 ? [] : [new SpendEntry(time.GetUtcNow(), null, 0, 1, Tokens, 0)];
    }
}

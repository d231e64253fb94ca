namespace LlmGateway.Upstream;

/// <summary>Two attempts of which the first to have its first event goes to the client.</summary>
internal sealed class Race
{
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Attempt? _winner;

    public Attempt? Winner => Volatile.Read(ref _winner);

    /// <summary>Completes when there is a winner.</summary>
    public Task Decided => _decided.Task;

    /// <summary>True for the one that asks first, with the first event in its hand.</summary>
    public bool TryWin(Attempt attempt)
    {
        if (Interlocked.CompareExchange(ref _winner, attempt, null) is not null)
        {
            return false;
        }

        _decided.SetResult();
        return true;
    }
}

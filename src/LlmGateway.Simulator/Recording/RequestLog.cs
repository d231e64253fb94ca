namespace LlmGateway.Simulator.Recording;

/// <summary>The latest requests, oldest first; the oldest makes room for the newest.</summary>
public sealed class RequestLog
{
    private readonly Lock _lock = new();
    private readonly Queue<SimulatedRequest> _requests = new();
    private volatile TaskCompletionSource? _changed;

    internal RequestLog()
    {
    }

    /// <summary>The requests that are remembered now, oldest first.</summary>
    public IReadOnlyList<SimulatedRequest> Snapshot()
    {
        lock (_lock)
        {
            return _requests.ToArray();
        }
    }

    /// <summary>Forgets every request.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    /// <summary>Waits for a request that satisfies the condition, be it in the log already or still to come. No polling.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task<SimulatedRequest> WaitAsync(Func<SimulatedRequest, bool> condition, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            TaskCompletionSource changed;
            lock (_lock)
            {
                changed = _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            foreach (SimulatedRequest request in Snapshot())
            {
                if (condition(request))
                {
                    return request;
                }
            }

            await changed.Task.WaitAsync(cancellationToken);
        }
    }

    internal void Add(SimulatedRequest request, int capacity)
    {
        lock (_lock)
        {
            _requests.Enqueue(request);
            while (_requests.Count > capacity)
            {
                _requests.Dequeue();
            }
        }

        Changed();
    }

    /// <summary>Wakes whoever waits; free when nobody does.</summary>
    internal void Changed()
    {
        // The figure that changed must be visible before the waiter is looked for, or both sides could miss each other.
        Interlocked.MemoryBarrier();
        if (_changed is null)
        {
            return;
        }

        lock (_lock)
        {
            TaskCompletionSource? waiting = _changed;
            _changed = null;
            waiting?.SetResult();
        }
    }
}

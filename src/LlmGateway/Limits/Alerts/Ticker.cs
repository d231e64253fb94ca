namespace LlmGateway.Limits.Alerts;

/// <summary>Does something at once and then again and again, never twice at a time: while it takes longer than the interval, turns are left out.</summary>
internal sealed class Ticker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<CancellationToken, Task> _run;
    private readonly ITimer _timer;
    private Task _last = Task.CompletedTask;
    private int _running;

    /// <param name="run">Catches what can go wrong by itself; cancelled when this is disposed.</param>
    public Ticker(TimeProvider time, TimeSpan interval, Func<CancellationToken, Task> run)
    {
        _run = run;
        _timer = time.CreateTimer(static ticker => ((Ticker)ticker!).Tick(), this, TimeSpan.Zero, interval);
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stop.CancelAsync();
        await Volatile.Read(ref _last);
        _stop.Dispose();
    }

    private void Tick()
    {
        // Not on the timer's thread, which others wait for too.
        if (!_stop.IsCancellationRequested && Interlocked.Exchange(ref _running, 1) == 0)
        {
            Volatile.Write(ref _last, Task.Run(RunAsync));
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await _run(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }
}

using System.Diagnostics;

namespace LlmGateway.LoadTests.Ledger;

/// <summary>The most memory that this process held, looked at ten times a second.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Process _self = Process.GetCurrentProcess();
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private long _peak;

    public MemoryWatch(TimeProvider time) => _timer = time.CreateTimer(static state => ((MemoryWatch)state!).Look(), this, Interval, Interval);

    public long Peak
    {
        get
        {
            Look();
            lock (_gate)
            {
                return _peak;
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _self.Dispose();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            _self.Refresh();
            _peak = Math.Max(_peak, _self.WorkingSet64);
        }
    }
}

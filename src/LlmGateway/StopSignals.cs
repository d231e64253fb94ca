using System.Runtime.InteropServices;

namespace LlmGateway;

/// <summary>SIGTERM and SIGINT: the first asks to stop, the second not to wait for anything, and the third ends the process where it stands.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly CancellationTokenSource _hurried = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private int _count;

    public StopSignals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled);
    }

    public CancellationToken Asked => _asked.Token;

    public CancellationToken Hurried => _hurried.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _asked.Dispose();
        _hurried.Dispose();
    }

    private void Signalled(PosixSignalContext context)
    {
        var count = Interlocked.Increment(ref _count);

        // What the system does with a signal that nobody takes.
        context.Cancel = count < 3;

        // What waits on the token may go on at once, and must not do so on the thread that takes signals.
        _ = count == 1 ? _asked.CancelAsync() : _hurried.CancelAsync();
    }
}

using Microsoft.AspNetCore.Connections.Features;

namespace LlmGateway.Gateway;

/// <summary>How far a gateway is on its way out.</summary>
internal enum DrainPhase
{
    Running,

    /// <summary>Not ready any more, so that a balancer sends new requests elsewhere; those that still come are served.</summary>
    Stopping,

    /// <summary>New requests are refused; those in flight go on.</summary>
    Refusing,

    /// <summary>What is still in flight ends now.</summary>
    Cut,
}

/// <summary>Knows what is in flight, and how far the gateway is on its way out.</summary>
internal sealed class Drain : IDisposable
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cut = new();
    private readonly CancellationTokenSource _abort = new();
    private int _phase;
    private int _inFlight;

    public DrainPhase Phase => (DrainPhase)Volatile.Read(ref _phase);

    public bool IsStopping => Phase >= DrainPhase.Stopping;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Done when nothing is in flight any more; not before new requests are refused.</summary>
    public Task Idle => _idle.Task;

    /// <summary>Cancelled when what is in flight has had its time.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>A request has come. False where it is to be refused. Every one leaves.</summary>
    public bool TryEnter(Exchange exchange)
    {
        Interlocked.Increment(ref _inFlight);
        if (Phase >= DrainPhase.Refusing)
        {
            return false;
        }

        Watch(exchange);
        return true;
    }

    /// <summary>What is done for an exchange that has entered, elsewhere: it is cut off as well. Every one is let go.</summary>
    public void Watch(Exchange exchange)
    {
        // A registration is pooled: 60 ns, and no garbage. The alternative, a list of all exchanges, is a lock for each.
        exchange.WhenCut = _cut.Token.UnsafeRegister(static state => ((Exchange)state!).CutOff(), exchange);
    }

    public static void LetGo(Exchange exchange)
    {
        // Waits for a callback that runs at this moment: behind it the connection may be another request's.
        exchange.WhenCut.Dispose();
        exchange.WhenAborted.Dispose();
    }

    public void Leave(Exchange exchange)
    {
        LetGo(exchange);
        if (Interlocked.Decrement(ref _inFlight) == 0 && Phase >= DrainPhase.Refusing)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Breaks the connection at the end of all patience: of a client that does not read what it is sent, not even the error.</summary>
    public CancellationTokenRegistration WhenAborted(HttpContext http) => _abort.Token.UnsafeRegister(static state => ((HttpContext)state!).Abort(), http);

    /// <summary>Tells the client with its answer that this connection takes no further request, so that it is not surprised by the end of it.</summary>
    public void Tell(HttpContext http)
    {
        if (!IsStopping)
        {
            return;
        }

        if (HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            // GOAWAY: HTTP/2 has no such header.
            http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            http.Response.Headers.Connection = "close";
        }
    }

    public void Begin() => Advance(DrainPhase.Stopping);

    public void Refuse()
    {
        Advance(DrainPhase.Refusing);
        if (InFlight == 0)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Streams in flight end with an error event, other requests with an error.</summary>
    public Task CutAsync()
    {
        Advance(DrainPhase.Cut);
        return _cut.CancelAsync();
    }

    public Task AbortAsync() => _abort.CancelAsync();

    public void Dispose()
    {
        _cut.Dispose();
        _abort.Dispose();
    }

    private void Advance(DrainPhase phase)
    {
        // A full fence: who has entered and not seen this is counted.
        if (Phase < phase)
        {
            Interlocked.Exchange(ref _phase, (int)phase);
        }
    }
}

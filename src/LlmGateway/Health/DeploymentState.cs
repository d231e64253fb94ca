using LlmGateway.Catalog;

namespace LlmGateway.Health;

/// <summary>What is known of a deployment's health: counters and windows that outlive every Snapshot. Thread-safe.</summary>
internal sealed class DeploymentState(string name, ProviderState provider, TimeProvider? time = null, ILogger? logger = null)
{
    private readonly Lock _gate = new();
    private volatile Breaker[] _breakers = [];
    private int _inFlight;
    private long _restsUntil; // UTC ticks

    public string Name { get; } = name;

    public ProviderState Provider { get; } = provider;

    /// <summary>Attempts that have begun and not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public LatencyWindow Latency { get; } = new(time);

    public QuotaWindow Quota { get; } = new();

    /// <summary>It asked to be left alone until then, and has no credentials that could rest instead; null or past for now.</summary>
    public DateTimeOffset? RestsUntil => Volatile.Read(ref _restsUntil) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Of two such times the later holds.</summary>
    public void Rest(DateTimeOffset until)
    {
        lock (_gate)
        {
            Volatile.Write(ref _restsUntil, Math.Max(_restsUntil, until.UtcTicks));
        }
    }

    /// <summary>The breaker with these settings. All breakers of a deployment hear of every attempt.</summary>
    /// <remarks>
    /// Settings that no route has any more keep theirs: there are as many as the operator tried since the start. Found in an array, since a
    /// deployment has one or two.
    /// </remarks>
    public Breaker BreakerFor(BreakerSettings settings) => Find(_breakers, settings) ?? Add(settings);

    /// <summary>The worst of its breakers; off where its provider has no credential that works.</summary>
    public BreakerState StateOf(Deployment deployment)
    {
        if (Provider.IsOff(deployment.Provider))
        {
            return BreakerState.Off;
        }

        var worst = BreakerState.Closed;
        foreach (var breaker in _breakers)
        {
            worst = breaker.State is var state && state > worst ? state : worst;
        }

        return worst;
    }

    /// <summary>An attempt begins.</summary>
    public void Began(DateTimeOffset now)
    {
        Interlocked.Increment(ref _inFlight);
        Quota.Began(now);
    }

    /// <summary>An attempt has ended, and used so many tokens.</summary>
    /// <param name="probe">The breaker whose probe it was, which is then released; null for any other attempt.</param>
    /// <param name="begunAt">When it began; null for unknown.</param>
    public void Ended(HealthVerdict verdict, long tokens, DateTimeOffset now, Breaker? probe = null, DateTimeOffset? begunAt = null)
    {
        Interlocked.Decrement(ref _inFlight);
        Quota.Used(tokens, now, begunAt ?? now);
        foreach (var breaker in _breakers)
        {
            breaker.Report(verdict, isProbe: ReferenceEquals(breaker, probe), begunAt);
        }

        probe?.ReleaseProbe();
    }

    private static Breaker? Find(Breaker[] breakers, BreakerSettings settings)
    {
        foreach (var breaker in breakers)
        {
            if (ReferenceEquals(breaker.Settings, settings) || breaker.Settings == settings)
            {
                return breaker;
            }
        }

        return null;
    }

    private Breaker Add(BreakerSettings settings)
    {
        lock (_gate)
        {
            if (Find(_breakers, settings) is { } there)
            {
                return there;
            }

            var breaker = new Breaker(settings, time, Name, logger);
            _breakers = [.. _breakers, breaker];
            return breaker;
        }
    }
}

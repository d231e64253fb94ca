using LlmGateway.Catalog;

namespace LlmGateway.Health;

/// <summary>What is known of a deployment's health: counters and windows that outlive every Snapshot. Thread-safe.</summary>
internal sealed class DeploymentState(string name, ProviderState provider)
{
    private int _inFlight;
    private readonly Breaker _breaker = new(BreakerSettings.Default);

    public string Name { get; } = name;

    public ProviderState Provider { get; } = provider;

    /// <summary>Attempts that have begun and not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public LatencyWindow Latency { get; } = new();

    public QuotaWindow Quota { get; } = new();

    /// <summary>It asked to be left alone until then, and has no credentials that could rest instead; null or past for now.</summary>
    public DateTimeOffset? RestsUntil { get; private set; }

    public void Rest(DateTimeOffset until) => RestsUntil = until;

    /// <summary>The breaker with these settings. All breakers of a deployment hear of every attempt.</summary>
    public Breaker BreakerFor(BreakerSettings settings) => _breaker;

    /// <summary>An attempt begins.</summary>
    public void Began(DateTimeOffset now)
    {
        Interlocked.Increment(ref _inFlight);
        Quota.Began(now);
    }

    /// <summary>An attempt has ended, and used so many tokens.</summary>
    public void Ended(HealthVerdict verdict, long tokens, DateTimeOffset now)
    {
        Interlocked.Decrement(ref _inFlight);
        Quota.Used(tokens, now);
    }
}

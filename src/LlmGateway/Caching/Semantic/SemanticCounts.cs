using System.Collections.Concurrent;

namespace LlmGateway.Caching.Semantic;

/// <summary>What a route has seen since the start, for the operator. It outlives a change of the configuration.</summary>
internal sealed class SemanticCounts
{
    private readonly ConcurrentDictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _vetoes = new(StringComparer.Ordinal);
    private long _lookups;
    private long _nearMisses;
    private long _nearRight;
    private long _nearWrong;

    /// <summary>Requests that were looked up.</summary>
    public long Lookups => Volatile.Read(ref _lookups);

    /// <summary>Requests whose best candidate was forbidden by nothing but its score.</summary>
    public long NearMisses => Volatile.Read(ref _nearMisses);

    /// <summary>Of them those whose answer would have been right…</summary>
    public long NearRight => Volatile.Read(ref _nearRight);

    /// <summary>…and wrong.</summary>
    public long NearWrong => Volatile.Read(ref _nearWrong);

    public IReadOnlyList<KeyValuePair<string, long>> Skipped => [.. _skipped.OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Candidates that were forbidden, by guard.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Vetoes => [.. _vetoes.OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    public void LookedUp() => Interlocked.Increment(ref _lookups);

    public void NearMissed() => Interlocked.Increment(ref _nearMisses);

    public void NearLabelled(bool right) => Interlocked.Increment(ref right ? ref _nearRight : ref _nearWrong);

    public void Skip(string reason) => _skipped.AddOrUpdate(reason, 1, static (_, count) => count + 1);

    public void Veto(string guard) => _vetoes.AddOrUpdate(guard, 1, static (_, count) => count + 1);
}

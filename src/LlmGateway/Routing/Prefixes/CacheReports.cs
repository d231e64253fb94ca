using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LlmGateway.Routing.Prefixes;

/// <summary>
/// Whether deployments report what was predicted of their prompt caches. One that did not, three times in a row, has none or does not bill by
/// it: nothing is predicted of it until it reports cached input by itself.
/// </summary>
internal sealed class CacheReports
{
    // The first repetitions may be too quick: some vendors take seconds to fill their caches.
    private const int Enough = 3;

    // By name: it outlives Snapshots, and there are no more than the configuration has had names.
    private readonly ConcurrentDictionary<string, StrongBox<int>> _missed = new(StringComparer.Ordinal);

    public bool Trusts(string deployment) => !_missed.TryGetValue(deployment, out var missed) || Volatile.Read(ref missed.Value) < Enough;

    /// <summary>It reported cached input.</summary>
    public void Hit(string deployment)
    {
        if (_missed.TryGetValue(deployment, out var missed))
        {
            Volatile.Write(ref missed.Value, 0);
        }
    }

    /// <summary>It reported none where some was predicted.</summary>
    public void Missed(string deployment) => Interlocked.Increment(ref _missed.GetOrAdd(deployment, static _ => new StrongBox<int>()).Value);
}

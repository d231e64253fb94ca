using System.Collections.Concurrent;
using LlmGateway.Caching.Entries;
using LlmGateway.Gateway;

namespace LlmGateway.Caching.Sharing;

/// <summary>The runs that others can still join.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<FlightKey, SharedRun> _runs = [];

    /// <summary>How many clients are being sent an answer that others may join.</summary>
    public int Readers
    {
        get
        {
            var sum = 0;
            foreach (var (_, run) in _runs)
            {
                sum += run.Log.Readers;
            }

            return sum;
        }
    }

    /// <summary>Whether it is being asked at this moment.</summary>
    public bool Has(FlightKey key) => _runs.ContainsKey(key);

    /// <summary>Joins the run under way, or makes one where there is none to be joined.</summary>
    /// <param name="stamp">The purges that the exchange knows of.</param>
    /// <param name="make">The run of this exchange; not called where another is joined.</param>
    /// <param name="leads">It is this exchange's own run, and is to be started by it.</param>
    public (SharedRun Run, AnswerReader Reader) Join(FlightKey key, Exchange exchange, PurgeStamp stamp, Func<SharedRun> make, out bool leads)
    {
        SharedRun? own = null;
        AnswerReader? first = null;
        while (true)
        {
            if (_runs.TryGetValue(key, out var run))
            {
                // A purge meanwhile means the answer of that run too, for whoever comes behind it.
                if (run.Stamp == stamp && run.Log.TryJoin(exchange.Http.Abort) is { } reader)
                {
                    leads = false;
                    own?.Dispose();
                    return (run, reader);
                }

                Remove(key, run);
            }

            // Before others can: one that joined and left at once would be the last to leave it.
            own ??= make();
            first ??= own.Log.TryJoin(exchange.Http.Abort) ?? throw new InvalidOperationException("A run that has not begun cannot be joined.");
            if (_runs.TryAdd(key, own))
            {
                leads = true;
                return (own, first);
            }
        }
    }

    /// <summary>Makes the run known, unless there is one.</summary>
    public bool TryBegin(FlightKey key, SharedRun run) => _runs.TryAdd(key, run);

    /// <summary>Nobody joins it any more.</summary>
    public void Remove(FlightKey key, SharedRun run) => _runs.TryRemove(new KeyValuePair<FlightKey, SharedRun>(key, run));
}

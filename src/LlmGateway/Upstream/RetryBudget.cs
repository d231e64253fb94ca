using System.Collections.Concurrent;
using LlmGateway.Catalog;

namespace LlmGateway.Upstream;

/// <summary>
/// Bounds how often a route asks a deployment again that it has asked already in the same exchange, so that an outage does not multiply the
/// load on what is struggling. Another deployment, or another credential, is asked for the first time and costs nothing here.
/// </summary>
/// <remarks>A bucket: each request puts in the configured share of a retry, each retry takes a whole one out. A quiet route may retry too: one each second.</remarks>
internal sealed class RetryBudget(TimeProvider time)
{
    private const double Reserve = 10;
    private const double Largest = 100;
    private const double PerSecond = 1;

    private readonly Lock _gate = new();
    private double _left = Reserve;
    private long _filledAt = time.GetTimestamp();

    /// <summary>A request of the route.</summary>
    public void Deposit(double share)
    {
        if (share > 0)
        {
            lock (_gate)
            {
                _left = Math.Min(_left + share, Largest);
            }
        }
    }

    /// <summary>Takes a retry out; false when there is none left. A share of 0 allows none at all.</summary>
    public bool TryWithdraw(double share)
    {
        if (share <= 0)
        {
            return false;
        }

        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(_left + (time.GetElapsedTime(_filledAt, now).TotalSeconds * PerSecond), Math.Max(_left, Reserve));
            _filledAt = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}

/// <summary>The budget of each route, by name: a reload forgets none.</summary>
internal sealed class RetryBudgets(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, RetryBudget> _byRoute = new(StringComparer.Ordinal);

    public RetryBudget Of(Route route) => _byRoute.GetOrAdd(route.Name, static (_, clock) => new RetryBudget(clock), time);
}

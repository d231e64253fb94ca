using System.Collections.Concurrent;
using LlmGateway.Catalog;

namespace LlmGateway.Upstream;

/// <summary>Keeps what second attempts cost within their share of what all attempts of a route cost. Where nothing has a price, attempts are counted.</summary>
internal sealed class HedgeBudget
{
    /// <summary>Beyond so many attempts all figures are halved, so that the share is of the recent ones.</summary>
    private const int Memory = 10_000;

    private readonly Lock _gate = new();
    private int _reserved;
    private double _spent;
    private double _extra;
    private double _attempts;
    private double _extraAttempts;

    /// <summary>
    /// Reserves one more second attempt, as dear as a mean attempt, where that and all that are under way stay within the share. Give it back
    /// when it has ended.
    /// </summary>
    public bool TryReserve(double share)
    {
        lock (_gate)
        {
            var priced = _spent > 0;
            var one = _attempts > 0 ? (priced ? _spent : _attempts) / _attempts : 1;
            if ((priced ? _extra : _extraAttempts) + (one * (_reserved + 1)) > share * (priced ? _spent : _attempts))
            {
                return false;
            }

            _reserved++;
            return true;
        }
    }

    public void GiveBack()
    {
        lock (_gate)
        {
            _reserved--;
        }
    }

    /// <summary>An attempt has been settled.</summary>
    /// <param name="cost">What it cost; null where nobody knows.</param>
    /// <param name="lost">The client got the answer of the other one.</param>
    public void Add(Money? cost, bool lost)
    {
        var amount = (double)(cost?.Amount ?? 0);
        lock (_gate)
        {
            _spent += amount;
            _attempts++;
            if (lost)
            {
                _extra += amount;
                _extraAttempts++;
            }

            if (_attempts > Memory)
            {
                _spent /= 2;
                _extra /= 2;
                _attempts /= 2;
                _extraAttempts /= 2;
            }
        }
    }
}

/// <summary>The budget of each route, by name: a reload forgets none.</summary>
internal sealed class HedgeBudgets
{
    private readonly ConcurrentDictionary<string, HedgeBudget> _byRoute = new(StringComparer.Ordinal);

    public HedgeBudget Of(Route route) => _byRoute.GetOrAdd(route.Name, static _ => new HedgeBudget());
}

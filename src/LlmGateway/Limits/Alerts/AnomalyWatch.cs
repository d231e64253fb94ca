using LlmGateway.Gateway;

namespace LlmGateway.Limits.Alerts;

/// <summary>Holds what budgets have cost in the last hour against what their hours usually cost. Learns once an hour.</summary>
internal sealed class AnomalyWatch(AccountHistory history)
{
    private static readonly TimeSpan Bucket = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string Tenant, string Account), (DateTimeOffset To, SpendPattern Pattern)> _learned = [];

    /// <summary>Whether the last hour of the budget is an anomaly. Not for use by two threads at once.</summary>
    /// <param name="figures">What the budget has come to.</param>
    public async ValueTask<SpendAnomaly?> LookAsync(WatchedBudget watched, AccountFigures figures, DateTimeOffset now, CancellationToken cancellation)
    {
        var account = watched.Account;

        // What has spent less than the share that matters since before the last hour needs no look into the ledger.
        if (account.Calendar?.At(now).Start is not { } start || now - start >= SpendPattern.Hour)
        {
            if (figures.Spent < account.Limit / 100 || figures.Spent == 0)
            {
                return null;
            }
        }

        try
        {
            // Six whole buckets, the last of which is not over: never more than an hour.
            var from = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Bucket.Ticks), TimeSpan.Zero) - (5 * Bucket);
            var lastHour = await history.SpentAsync(account, from, DateTimeOffset.MaxValue, fine: true, cancellation);
            return lastHour.Count == 0 ? null : SpendAnomaly.Find(lastHour, await LearnedAsync(watched, now, cancellation), now, account.Limit);
        }
        catch (SpendHistoryException)
        {
            // It is looked for again in a minute.
            return null;
        }
    }

    /// <summary>The budgets have changed.</summary>
    public void Forget() => _learned.Clear();

    private async ValueTask<SpendPattern> LearnedAsync(WatchedBudget watched, DateTimeOffset now, CancellationToken cancellation)
    {
        var (from, to) = SpendPattern.RangeAt(now);
        var key = (watched.Scope.Tenant, watched.Account.Name);
        if (_learned.TryGetValue(key, out var known) && known.To == to)
        {
            return known.Pattern;
        }

        var hours = await history.SpentAsync(watched.Account, from, to, fine: false, cancellation);
        var pattern = SpendPattern.Learn(hours, from, to, watched.Budget.TimeZone);
        _learned[key] = (to, pattern);
        return pattern;
    }
}

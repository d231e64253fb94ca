using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway.Limits.Alerts;

/// <summary>Looks at every budget again and again: shows what is left, and tells webhooks when a budget nears its end, has none left, or is spent far too fast.</summary>
internal sealed class BudgetWatch(
    ISnapshotSource snapshots, IReservationEngine engine, RefusedBudgets refused, AnomalyWatch anomalies, IBudgetFigures forecasts, AlertDesk desk,
    AlertMetrics metrics, AlertOptions options, TimeProvider time, ILogger<BudgetWatch> logger) : IHostedService
{
    // A clock that is set right goes back by seconds; one that goes back by more was wrong before, and is believed now.
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Tenant, string Account), (string Period, long Limit)> _refusedIn = [];
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal);
    private (Snapshot Snapshot, IReadOnlyList<IReadOnlyList<WatchedBudget>> ByTenant)? _watched;
    private DateTimeOffset _clock;
    private DateTimeOffset _latest;
    private DateTimeOffset _anomaliesAt;
    private Ticker? _ticker;
    private long _looks;

    /// <summary>How often all budgets have been looked at.</summary>
    public long Looks => Volatile.Read(ref _looks);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ticker = new Ticker(time, options.Look, LookAsync);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _ticker?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    private async Task LookAsync(CancellationToken cancellation)
    {
        var now = Now();
        var snapshot = snapshots.Current;
        if (_watched is not { } watched || !ReferenceEquals(watched.Snapshot, snapshot))
        {
            anomalies.Forget();
            _watched = watched = (snapshot, WatchedBudget.ByTenant(snapshot));
        }

        var forAnomalies = now - _anomaliesAt >= options.AnomalyLook || now < _anomaliesAt;
        var look = new BudgetLook();
        foreach (var budgets in watched.ByTenant)
        {
            var tenant = budgets[0].Scope.Tenant;
            try
            {
                await LookAsync(budgets, now, forAnomalies && snapshot.Webhooks.Any(webhook => webhook.Wants(AlertTypes.Anomaly, tenant)), look, cancellation);
                _failing.Remove(tenant);
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                // Whatever it is, the other tenants' budgets are watched, and this one's again.
                if (_failing.Add(tenant))
                {
                    logger.NotWatched(error, tenant);
                }
            }
        }

        _anomaliesAt = forAnomalies ? now : _anomaliesAt;
        metrics.Show(look);
        Interlocked.Increment(ref _looks);
    }

    private async ValueTask LookAsync(
        IReadOnlyList<WatchedBudget> budgets, DateTimeOffset now, bool forAnomalies, BudgetLook look, CancellationToken cancellation)
    {
        var all = await engine.ReadAsync([.. budgets.Select(static watched => watched.Account)], cancellation);
        for (var i = 0; i < all.Length; i++)
        {
            var (watched, figures) = (budgets[i], all[i]);
            var period = AlertPeriod.Of(watched.Account, now);
            var hasRefused = HasRefused(watched.Account, period);
            var (warns, stops) = (BudgetRules.Warns(watched.Budget, figures), BudgetRules.Stops(watched.Budget, figures, hasRefused));
            look.Add(watched, figures, warns, stops);
            if (watched.Account.Calendar is not null && AlertPeriod.Of(watched.Account, _clock) != period)
            {
                // The clock has stepped back over the edge, so these are the figures of the period before.
                continue;
            }

            if (warns)
            {
                await TellAsync(new Alert(AlertTypes.Warning, watched, period, now, figures), cancellation);
            }

            if (stops)
            {
                await TellAsync(new Alert(AlertTypes.Stop, watched, period, now, figures) { Refused = hasRefused }, cancellation);
            }

            if (forAnomalies && await anomalies.LookAsync(watched, figures, now, cancellation) is { } anomaly)
            {
                await TellAsync(new Alert(AlertTypes.Anomaly, watched, AlertPeriod.HourOf(anomaly.Peak), now, figures) { Anomaly = anomaly }, cancellation);
            }
        }
    }

    private async ValueTask TellAsync(Alert alert, CancellationToken cancellation)
    {
        if (desk.Untold(alert) is { Count: > 0 } webhooks)
        {
            var forecast = await forecasts.ReadAsync([new ScopedBudget(alert.Watched.Scope, alert.Watched.Budget)], cancellation);
            desk.Tell(alert with { Forecast = forecast[0] }, webhooks);
        }
    }

    /// <summary>In this period and with this amount: it is still to be told where telling failed, and no more where there is more to spend.</summary>
    private bool HasRefused(Account account, AlertPeriod period)
    {
        var key = (account.Tenant, account.Name);
        if (refused.Take(account) is { } at)
        {
            // A full budget refuses until the last moment of its period, and is looked at in the next.
            _refusedIn[key] = (AlertPeriod.Of(account, at).Name, account.Limit);
        }

        return _refusedIn.TryGetValue(key, out var known) && known == (period.Name, account.Limit);
    }

    /// <summary>Does not go back into a period that has ended: what was told of it would be told again of the one before.</summary>
    private DateTimeOffset Now()
    {
        var now = _clock = time.GetUtcNow();
        _latest = now > _latest || _latest - now > Tolerance ? now : _latest;
        return _latest;
    }
}

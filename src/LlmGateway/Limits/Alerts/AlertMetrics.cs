using System.Diagnostics.Metrics;
using LlmGateway.Telemetry;

namespace LlmGateway.Limits.Alerts;

/// <summary>What is left of budgets, and what came of telling webhooks.</summary>
internal sealed class AlertMetrics
{
    private readonly Counter<long> _deliveries;
    private volatile IReadOnlyList<Measurement<double>> _left = [];
    private volatile IReadOnlyList<Measurement<double>> _used = [];
    private volatile IReadOnlyList<Measurement<int>> _states = [];

    public AlertMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _deliveries = meter.CreateCounter<long>("webhook_deliveries_total", "{attempt}", "Attempts to tell webhooks, by event and what came of them.");
        meter.CreateObservableGauge(
            "budget_left", () => _left, description: "What is neither spent nor held of the tenant's own budget that has least left, in units of its currency.");
        meter.CreateObservableGauge("budget_used_ratio", () => _used, "1", "The largest share that is spent of any budget of a tenant, its projects and keys.");
        meter.CreateObservableGauge("budget_state", () => _states, description: "The worst of a tenant's budgets: 0 fine, 1 its warning is reached, 2 it refuses requests or soon will.");
    }

    /// <param name="event">One of <see cref="Catalog.AlertTypes"/>.</param>
    /// <param name="result"><c>delivered</c>, <c>failed</c> and to be tried again, <c>gone</c> or <c>expired</c>.</param>
    public void Sent(string @event, string result) => _deliveries.Add(1, new("event", @event), new("result", result));

    /// <summary>What a look at all budgets has found.</summary>
    public void Show(BudgetLook look)
    {
        _left = [.. look.Left.Select(static entry => new Measurement<double>((double)entry.Value, new("tenant", entry.Key.Tenant), new("currency", entry.Key.Currency)))];
        _used = [.. look.Used.Select(static entry => new Measurement<double>(entry.Value, new KeyValuePair<string, object?>("tenant", entry.Key)))];
        _states = [.. look.States.Select(static entry => new Measurement<int>(entry.Value, new KeyValuePair<string, object?>("tenant", entry.Key)))];
    }
}

using System.Diagnostics.Metrics;
using LlmGateway.Telemetry;

namespace LlmGateway.Limits.Alerts;

/// <summary>What is left of budgets, and what came of telling webhooks.</summary>
internal sealed class AlertMetrics
{
    private readonly Counter<long> _deliveries;
    private volatile IReadOnlyList<Measurement<double>> _left = [];

    public AlertMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _deliveries = meter.CreateCounter<long>("webhook_deliveries_total", "{attempt}", "Attempts to tell webhooks, by event and what came of them.");
        meter.CreateObservableGauge(
            "budget_left", () => _left, description: "What is neither spent nor held of the tenant's own budget that has least left, in units of its currency.");
    }

    /// <param name="event">One of <see cref="Catalog.AlertTypes"/>.</param>
    /// <param name="result"><c>delivered</c>, <c>failed</c> and to be tried again, <c>gone</c> or <c>expired</c>.</param>
    public void Sent(string @event, string result) => _deliveries.Add(1, new("event", @event), new("result", result));

    /// <summary>The least that is left, by tenant and currency.</summary>
    public void Show(IReadOnlyDictionary<(string Tenant, string Currency), decimal> left) => _left =
        [.. left.Select(entry => new Measurement<double>((double)entry.Value, new("tenant", entry.Key.Tenant), new("currency", entry.Key.Currency)))];
}

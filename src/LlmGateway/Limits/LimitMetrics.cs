using System.Diagnostics.Metrics;
using LlmGateway.Telemetry;

namespace LlmGateway.Limits;

/// <summary>What limits and budgets refuse, and what is left of budgets.</summary>
internal sealed class LimitMetrics
{
    private static readonly string[] MeasureNames = ["requests", "input_tokens", "output_tokens", "tokens", "concurrent", "money"];
    private static readonly string[] LevelNames = ["tenant", "project", "key"];

    private readonly Counter<long> _refusals;
    private readonly Counter<long> _overdrawn;

    public LimitMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _refusals = meter.CreateCounter<long>("limit_refusals_total", "{request}", "Requests refused by a limit or budget, by whose it is and what it counts.");
        _overdrawn = meter.CreateCounter<long>("limit_overdrawn_total", "{request}", "Requests that came to more than was held for them, by what was counted.");
    }

    public void Refused(Account account) => _refusals.Add(
        1, new("tenant", account.Tenant), new("level", LevelNames[(int)account.Level]), new("measure", MeasureNames[(int)account.Measure]));

    public void Settled(Reservation reservation)
    {
        foreach (ref var line in reservation.Lines.AsSpan())
        {
            if (line.Account.Stops && line.Actual > line.Held)
            {
                _overdrawn.Add(1, new KeyValuePair<string, object?>("measure", MeasureNames[(int)line.Account.Measure]));
            }
        }
    }
}

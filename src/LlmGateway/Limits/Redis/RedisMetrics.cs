using System.Diagnostics.Metrics;
using LlmGateway.Telemetry;

namespace LlmGateway.Limits.Redis;

/// <summary>Calls to Redis, and what happened without it.</summary>
internal sealed class RedisMetrics
{
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _degraded;
    private readonly Counter<long> _late;
    private readonly UpDownCounter<long> _unsettled;

    public RedisMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _calls = meter.CreateCounter<long>("limits_redis_calls_total", "{call}", "Calls to Redis for limits and budgets, by script and result.");
        _seconds = meter.CreateHistogram("limits_redis_seconds", "s", "How long Redis took to answer.", advice: Buckets.Overhead);
        _degraded = meter.CreateCounter<long>("limits_degraded_total", "{reservation}", "Reservations made by this node alone, by what came of them.");
        _late = meter.CreateCounter<long>("limits_late_settlements_total", "{reservation}", "Reservations that were settled after their lease had ended.");
        _unsettled = meter.CreateUpDownCounter<long>("limits_redis_unsettled", "{reservation}", "Settlements that Redis has not taken yet.");
    }

    public void Answered(RedisScript script, TimeSpan took)
    {
        if (_calls.Enabled)
        {
            _calls.Add(1, new("script", script.Name), new("result", "answered"));
        }

        if (_seconds.Enabled)
        {
            _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("script", script.Name));
        }
    }

    public void Failed(RedisScript script)
    {
        if (_calls.Enabled)
        {
            _calls.Add(1, new("script", script.Name), new("result", "failed"));
        }
    }

    public void Degraded(bool held) => _degraded.Add(1, new KeyValuePair<string, object?>("result", held ? "held" : "refused"));

    public void SettledLate() => _late.Add(1);

    public void Unsettled(int change) => _unsettled.Add(change);
}

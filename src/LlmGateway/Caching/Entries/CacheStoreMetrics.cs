using System.Diagnostics.Metrics;
using LlmGateway.Telemetry;

namespace LlmGateway.Caching.Entries;

/// <summary>Where answers were found, what they take, and what went wrong with Redis.</summary>
internal sealed class CacheStoreMetrics
{
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _pending;
    private readonly Histogram<double> _seconds;

    public CacheStoreMetrics(IMeterFactory meters, LocalEntries local)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _lookups = meter.CreateCounter<long>("cache_lookups_total", "{lookup}", "Look-ups of answers, by where one was: process, redis or miss.");
        _dropped = meter.CreateCounter<long>("cache_dropped_writes_total", "{write}", "Answers and removals that were not written to Redis, by why: full or away.");
        _unreadable = meter.CreateCounter<long>("cache_unreadable_total", "{entry}", "Answers in Redis that are damaged, or of another version.");
        _pending = meter.CreateCounter<long>("cache_purges_pending_total", "{attempt}", "Attempts to tell Redis of a purge while it was away.");
        _seconds = meter.CreateHistogram("cache_redis_seconds", "s", "How long Redis took to look an answer up, by whether it did.", advice: Buckets.Overhead);
        meter.CreateObservableGauge("cache_bytes", () => local.Bytes, "By", "What answers in process take.");
        meter.CreateObservableGauge("cache_entries", () => local.Count, "{entry}", "Answers in process.");
        meter.CreateObservableCounter("cache_evictions_total", () => local.Evictions, "{entry}", "Answers that went from the process, or were not let in, for want of room.");
    }

    /// <param name="where"><c>process</c>, <c>redis</c> or <c>miss</c>.</param>
    public void Found(string where)
    {
        if (_lookups.Enabled)
        {
            _lookups.Add(1, new KeyValuePair<string, object?>("result", where));
        }
    }

    public void Asked(bool answered, TimeSpan took)
    {
        if (_seconds.Enabled)
        {
            _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("result", answered ? "answered" : "failed"));
        }
    }

    public void Dropped(string why) => _dropped.Add(1, new KeyValuePair<string, object?>("why", why));

    public void Unreadable() => _unreadable.Add(1);

    public void PurgePending() => _pending.Add(1);
}

using System.Diagnostics.Metrics;
using LlmGateway.Telemetry;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>What is kept of meaning beyond the process, and what nodes tell one another of it.</summary>
internal sealed class LastingMetrics
{
    private readonly Counter<long> _restored;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _written;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _heard;
    private readonly Counter<long> _failures;
    private long _kept;

    public LastingMetrics(IMeterFactory meters, SemanticChanges changes)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _restored = meter.CreateCounter<long>("semantic_restored_total", "{entry}", "Questions that were read from where they are kept, by where: sqlite or redis.");
        _refused = meter.CreateCounter<long>("semantic_refused_total", "{entry}", "Questions that were kept or told and are not taken, by why: unreadable, embedder, purged, expired or room.");
        _written = meter.CreateCounter<long>("semantic_told_total", "{change}", "Changes that were written to where questions are kept, by what: add, confirm, answer, gone, evict or remove.");
        _bytes = meter.CreateCounter<long>("semantic_told_bytes_total", "By", "Bytes of the questions, and of their answers, that were written.");
        _heard = meter.CreateCounter<long>("semantic_heard_total", "{change}", "Changes that other nodes have told of, by what: add, confirm or remove.");
        _failures = meter.CreateCounter<long>("semantic_keeping_failures_total", "{attempt}", "Attempts to keep or to tell that failed, by where: sqlite or redis. What was to be written waits.");
        meter.CreateObservableCounter("semantic_not_kept_total", () => changes.Dropped, "{entry}", "Questions that were learned while too many waited, and are gone with the process.");
        meter.CreateObservableGauge("semantic_changes_waiting", () => changes.Count, "{change}", "Changes that are not written yet.");
        meter.CreateObservableGauge("semantic_kept_bytes", () => Volatile.Read(ref _kept), "By", "What questions and answers take in the data folder.");
    }

    public void Restored(string source, long count) => _restored.Add(count, new KeyValuePair<string, object?>("from", source));

    public void Refused(string why) => _refused.Add(1, new KeyValuePair<string, object?>("why", why));

    public void Told(ChangeKind kind, long bytes = 0)
    {
        _written.Add(1, new KeyValuePair<string, object?>("change", NameOf(kind)));
        _bytes.Add(bytes);
    }

    public void Heard(ChangeKind kind) => _heard.Add(1, new KeyValuePair<string, object?>("change", NameOf(kind)));

    public void Failed(string where) => _failures.Add(1, new KeyValuePair<string, object?>("where", where));

    public void Kept(long bytes) => Volatile.Write(ref _kept, bytes);

    private static string NameOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Add => "add",
        ChangeKind.Confirm => "confirm",
        ChangeKind.Answer => "answer",
        ChangeKind.Gone => "gone",
        ChangeKind.Evict => "evict",
        _ => "remove",
    };
}

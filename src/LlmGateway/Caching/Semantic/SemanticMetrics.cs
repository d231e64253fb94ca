using System.Diagnostics.Metrics;
using LlmGateway.Telemetry;

namespace LlmGateway.Caching.Semantic;

/// <summary>What is found by meaning, what is not looked for and why, and how far it is proven.</summary>
internal sealed class SemanticMetrics
{
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _hits;
    private readonly Counter<long> _nearMisses;
    private readonly Counter<long> _vetoes;
    private readonly Counter<long> _labels;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _seconds;

    public SemanticMetrics(IMeterFactory meters, SemanticRoutes routes)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _skipped = meter.CreateCounter<long>("semantic_skipped_total", "{request}", "Requests that were not looked up by meaning, by why.");
        _hits = meter.CreateCounter<long>("semantic_hits_total", "{hit}", "Answers that were found by meaning, by whether they were served.");
        _nearMisses = meter.CreateCounter<long>("semantic_near_misses_total", "{request}", "Requests whose best candidate nothing forbade but its score.");
        _vetoes = meter.CreateCounter<long>("semantic_vetoes_total", "{candidate}", "Candidates that a guard forbade, by guard.");
        _labels = meter.CreateCounter<long>("semantic_labels_total", "{label}", "Answers found by meaning that were held against the real one: right, wrong or unjudged; near misses apart.");
        _dropped = meter.CreateCounter<long>("semantic_dropped_labels_total", "{label}", "Comparisons that were given up since too many waited.");
        _failures = meter.CreateCounter<long>("semantic_failures_total", "{lookup}", "Look-ups and lessons that failed inside the gateway.");
        _ended = meter.CreateCounter<long>("semantic_shut_offs_total", "{event}", "Times that a route, or a partition of it, has ended answering by meaning.");
        _seconds = meter.CreateHistogram("semantic_lookup_seconds", "s", "How long a look-up by meaning took, the vector included.", advice: Buckets.Overhead);
        meter.CreateObservableGauge("semantic_wrong_bound", () => Each(routes, static route => route.Controller?.Report().UpperBound), "1", "The share of wrong hits is hardly above this.");
        meter.CreateObservableGauge("semantic_entries", () => Each(routes, static route => route.Entries?.Count), "{entry}", "Questions that are found by meaning.");
        meter.CreateObservableGauge("semantic_bytes", () => Each(routes, static route => route.Entries?.Bytes), "By", "What they take in process, without their answers.");
    }

    public void Skipped(string route, string reason) => _skipped.Add(1, new("route", route), new("reason", reason));

    public void Hit(string route, bool served) => _hits.Add(1, new("route", route), new("served", served ? "true" : "false"));

    public void NearMissed(string route) => _nearMisses.Add(1, new KeyValuePair<string, object?>("route", route));

    public void Vetoed(string route, string guard) => _vetoes.Add(1, new("route", route), new("guard", guard));

    /// <param name="kind"><c>hit</c> or <c>near_miss</c>.</param>
    public void Labelled(string route, string kind, bool? right) =>
        _labels.Add(1, new("route", route), new("kind", kind), new("label", right switch { true => "right", false => "wrong", null => "unjudged" }));

    public void Dropped(string route) => _dropped.Add(1, new KeyValuePair<string, object?>("route", route));

    public void Failed(string route) => _failures.Add(1, new KeyValuePair<string, object?>("route", route));

    /// <param name="whole">The route, and not a partition alone.</param>
    public void ServingEnded(string route, bool whole) => _ended.Add(1, new("route", route), new("of", whole ? "route" : "partition"));

    public void LookedUp(TimeSpan took)
    {
        if (_seconds.Enabled)
        {
            _seconds.Record(took.TotalSeconds);
        }
    }

    private static IEnumerable<Measurement<T>> Each<T>(SemanticRoutes routes, Func<SemanticRoute, T?> read)
        where T : struct
    {
        foreach (var route in routes.All)
        {
            if (read(route) is { } value)
            {
                yield return new Measurement<T>(value, new KeyValuePair<string, object?>("route", route.Route.Name));
            }
        }
    }
}

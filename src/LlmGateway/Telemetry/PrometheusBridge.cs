using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LlmGateway.Telemetry.Tracing;
using Prometheus;

namespace LlmGateway.Telemetry;

/// <summary>
/// Shows the instruments of <see cref="GatewayMeter"/> through prometheus-net with their true types. The adapter that comes with
/// prometheus-net shows every counter as a gauge, which dashboards and alert linters rightly refuse.
/// </summary>
internal sealed class PrometheusBridge : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<BridgedInstrument> _gauges = new();

    public PrometheusBridge(CollectorRegistry registry, IMeterFactory meters)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // A listener hears every meter of the process; another gateway in it (a test) has a factory of its own.
            if (instrument.Meter.Name == GatewayMeter.Name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                var bridged = new BridgedInstrument(instrument, factory);
                if (bridged.IsObservableGauge)
                {
                    _gauges.Enqueue(bridged);
                }

                listener.EnableMeasurementEvents(instrument, bridged);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((BridgedInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((BridgedInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((BridgedInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((BridgedInstrument)state!).Record((double)value, tags));
        _listener.Start();
        registry.AddBeforeCollectCallback(Observe);
    }

    /// <summary>What a gauge does not tell of any more, a deployment that a reload took away, is not to keep its last value for ever.</summary>
    private void Observe()
    {
        // One scrape at a time: of two, one would drop what the other has not come to yet.
        lock (_gauges)
        {
            _listener.RecordObservableInstruments();
            foreach (var gauge in _gauges)
            {
                gauge.DropUntold();
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>One instrument and the series that its measurements have named so far.</summary>
internal sealed class BridgedInstrument(Instrument instrument, IMetricFactory factory)
{
    private readonly ConcurrentDictionary<TagValues, Series> _series = new();
    private readonly HashSet<TagValues> _told = [];
    private volatile Func<string[], Action<double>>? _open;
    private Gauge? _gauge;

    public bool IsObservableGauge { get; } = instrument.GetType().GetGenericTypeDefinition() == typeof(ObservableGauge<>);

    /// <summary>Ends the series that the last observation did not tell of. Observations of a gauge come one after the other.</summary>
    public void DropUntold()
    {
        foreach (var (key, series) in _series)
        {
            if (!_told.Contains(key))
            {
                _series.TryRemove(key, out _);
                _gauge!.RemoveLabelled(series.Labels);
            }
        }

        _told.Clear();
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new TagValues(tags);
        if (!_series.TryGetValue(key, out var series))
        {
            series = _series.GetOrAdd(key, Open(tags));
        }

        if (IsObservableGauge)
        {
            _told.Add(key);
        }

        series.Record(value);
    }

    private Series Open(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var names = new string[tags.Length];
        var values = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            names[i] = tags[i].Key;
            values[i] = tags[i].Value?.ToString() ?? "";
        }

        _open ??= Create(names);
        return new Series(values, _open(values));
    }

    private Func<string[], Action<double>> Create(string[] labels)
    {
        var name = $"{GatewayMeter.Name}_{instrument.Name}";
        var help = instrument.Description ?? instrument.Name;
        var kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Counter<>))
        {
            var counter = factory.CreateCounter(name, help, labels);
            return values => counter.WithLabels(values).Inc;
        }

        if (kind == typeof(ObservableCounter<>))
        {
            var counter = factory.CreateCounter(name, help, labels);
            return values => counter.WithLabels(values).IncTo;
        }

        if (kind == typeof(Histogram<>))
        {
            var bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? Buckets.Duration.HistogramBucketBoundaries!;
            var histogram = factory.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = [.. bounds] });
            return values => Observing(histogram.WithLabels(values));
        }

        var gauge = factory.CreateGauge(name, help, labels);
        _gauge = gauge;
        return kind == typeof(UpDownCounter<>) ? values => gauge.WithLabels(values).Inc : values => gauge.WithLabels(values).Set;
    }

    /// <summary>With the trace that the measurement belongs to, where one is kept: an exemplar, which only the OpenMetrics format shows.</summary>
    private static Action<double> Observing(Histogram.Child histogram) => value =>
    {
        if (ExemplarScope.Current is { } trace)
        {
            histogram.Observe(value, Exemplar.From(TraceKey.WithValue(trace)));
        }
        else
        {
            histogram.Observe(value);
        }
    };

    private static readonly Exemplar.LabelKey TraceKey = Exemplar.Key("trace_id");

    private sealed record Series(string[] Labels, Action<double> Record);

    /// <summary>The values of up to four tags, by identity of the interned or cached objects that rooms pass, else by equality.</summary>
    private readonly struct TagValues : IEquatable<TagValues>
    {
        private readonly object? _a;
        private readonly object? _b;
        private readonly object? _c;
        private readonly object? _d;

        public TagValues(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length > 4)
            {
                throw new ArgumentException("An instrument has at most four labels.", nameof(tags));
            }

            _a = tags.Length > 0 ? tags[0].Value : null;
            _b = tags.Length > 1 ? tags[1].Value : null;
            _c = tags.Length > 2 ? tags[2].Value : null;
            _d = tags.Length > 3 ? tags[3].Value : null;
        }

        public bool Equals(TagValues other) => Equals(_a, other._a) && Equals(_b, other._b) && Equals(_c, other._c) && Equals(_d, other._d);

        public override bool Equals(object? obj) => obj is TagValues other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);
    }
}

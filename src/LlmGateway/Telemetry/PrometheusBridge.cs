using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;

namespace LlmGateway.Telemetry;

/// <summary>
/// Shows the instruments of <see cref="GatewayMeter"/> through prometheus-net with their true types. The adapter that comes with
/// prometheus-net shows every counter as a gauge, which dashboards and alert linters rightly refuse.
/// </summary>
internal sealed class PrometheusBridge : IDisposable
{
    private readonly MeterListener _listener = new();

    public PrometheusBridge(CollectorRegistry registry, IMeterFactory meters)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // A listener hears every meter of the process; another gateway in it (a test) has a factory of its own.
            if (instrument.Meter.Name == GatewayMeter.Name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument, new BridgedInstrument(instrument, factory));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((BridgedInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((BridgedInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((BridgedInstrument)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((BridgedInstrument)state!).Record((double)value, tags));
        _listener.Start();
        registry.AddBeforeCollectCallback(_listener.RecordObservableInstruments);
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>One instrument and the series that its measurements have named so far.</summary>
internal sealed class BridgedInstrument(Instrument instrument, IMetricFactory factory)
{
    private readonly ConcurrentDictionary<TagValues, Action<double>> _series = new();
    private volatile Func<string[], Action<double>>? _open;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new TagValues(tags);
        if (!_series.TryGetValue(key, out var record))
        {
            record = _series.GetOrAdd(key, Open(tags));
        }

        record(value);
    }

    private Action<double> Open(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var names = new string[tags.Length];
        var values = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            names[i] = tags[i].Key;
            values[i] = tags[i].Value?.ToString() ?? "";
        }

        _open ??= Create(names);
        return _open(values);
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
            return values => histogram.WithLabels(values).Observe;
        }

        var gauge = factory.CreateGauge(name, help, labels);
        return kind == typeof(UpDownCounter<>) ? values => gauge.WithLabels(values).Inc : values => gauge.WithLabels(values).Set;
    }

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

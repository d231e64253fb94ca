using System.Diagnostics.Metrics;

namespace LlmGateway.Tests.Keys;

/// <summary>Meters of one test, and the sums of what they counted by label values.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly List<Meter> _meters = [];

    public TestMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var labels = string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            lock (Counts)
            {
                Counts[$"{instrument.Name}{{{labels}}}"] = Counts.GetValueOrDefault($"{instrument.Name}{{{labels}}}") + value;
            }
        });
        _listener.Start();
    }

    public Dictionary<string, long> Counts { get; } = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }
}

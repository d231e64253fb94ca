using System.Diagnostics.Metrics;

namespace LlmGateway.Ledger;

/// <summary>The ledger's instruments.</summary>
internal sealed class LedgerMetrics
{
    private readonly Histogram<double> _commit;
    private readonly Counter<long> _rows;
    private readonly Counter<long> _recovered;
    private readonly Histogram<double> _ship;
    private readonly Counter<long> _shipped;
    private readonly Counter<long> _leftOut;
    private Func<int> _queue = static () => 0;
    private Func<long>? _outbox;

    public LedgerMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("llmgateway");
        meter.CreateObservableGauge("ledger_queue", () => _queue(), "{row}", "Rows that wait for a commit.");
        _commit = meter.CreateHistogram(
            "ledger_commit_seconds",
            "s",
            "Time of one commit, of a row or of many.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5] });
        meter.CreateObservableGauge(
            "ledger_outbox_rows", () => _outbox is { } rows ? [new Measurement<long>(rows())] : Array.Empty<Measurement<long>>(), "{row}", "Rows that wait for PostgreSQL.");
        _ship = meter.CreateHistogram(
            "ledger_ship_seconds",
            "s",
            "Time of one batch to PostgreSQL.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });
        _shipped = meter.CreateCounter<long>("ledger_shipped_total", "{row}", "Rows that went to PostgreSQL.");
        _leftOut = meter.CreateCounter<long>("ledger_left_out_total", "{row}", "Rows that came to PostgreSQL after retention had removed their day.");
        _rows = meter.CreateCounter<long>("ledger_rows_total", "{row}", "Rows committed.");
        _recovered = meter.CreateCounter<long>("ledger_recovered_total", "{attempt}", "Attempts that an earlier process left, by what was left of them.");
    }

    /// <summary>Where the length of the queue is read.</summary>
    public void Observe(Func<int> queue) => _queue = queue;

    /// <summary>Where the length of the outbox is read; without one there is no such gauge.</summary>
    public void ObserveOutbox(Func<long> rows) => _outbox = rows;

    public void Shipped(int rows, TimeSpan elapsed)
    {
        _shipped.Add(rows);
        if (_ship.Enabled)
        {
            _ship.Record(elapsed.TotalSeconds);
        }
    }

    public void LeftOut(long rows) => _leftOut.Add(rows);

    public void Committed(int rows, TimeSpan elapsed)
    {
        _rows.Add(rows);
        if (_commit.Enabled)
        {
            _commit.Record(elapsed.TotalSeconds);
        }
    }

    public void Recovered(SlotState state, int count) =>
        _recovered.Add(count, new KeyValuePair<string, object?>("state", state switch
        {
            SlotState.Intent => "intent",
            SlotState.Settled => "settled",
            _ => "torn",
        }));
}

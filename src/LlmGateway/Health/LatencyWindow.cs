namespace LlmGateway.Health;

/// <summary>How fast a deployment was lately: means whose samples lose their weight with time. Thread-safe.</summary>
internal sealed class LatencyWindow(TimeProvider? time = null)
{
    private static readonly long ReadingLasts = TimeSpan.FromSeconds(1).Ticks;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private DecayingMean _firstToken;
    private DecayingMean _perToken;
    private LatencyHistogram? _histogram;
    private bool _measured;
    private long _count;
    private long _lastAt;

    // What readers see without the lock; not a number for nothing.
    private double _firstTokenRead = double.NaN;
    private double _perTokenRead = double.NaN;
    private double _p95Read = double.NaN;
    private long _p95ReadAt;

    /// <summary>Time to the first token, in seconds; null while nothing is known.</summary>
    public double? FirstToken => Known(Volatile.Read(ref _firstTokenRead));

    /// <summary>Time for each further output token, in seconds; null while nothing is known.</summary>
    public double? PerToken => Known(Volatile.Read(ref _perTokenRead));

    /// <summary>95th percentile of the time to the first token, in seconds; null while there are too few samples. At most a second old.</summary>
    public double? FirstTokenP95
    {
        get
        {
            var now = _time.GetUtcNow().UtcTicks;
            if (Math.Abs(now - Volatile.Read(ref _p95ReadAt)) >= ReadingLasts)
            {
                lock (_gate)
                {
                    Volatile.Write(ref _p95Read, _histogram?.P95(now) ?? double.NaN);
                    Volatile.Write(ref _p95ReadAt, now);
                }
            }

            return Known(Volatile.Read(ref _p95Read));
        }
    }

    /// <summary>Samples ever.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>When the last sample came.</summary>
    public DateTimeOffset? LastAt => Volatile.Read(ref _lastAt) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <param name="firstToken">From the start of the attempt to its first event with content, in seconds.</param>
    /// <param name="perToken">Mean time of each further token, in seconds; null where there was none.</param>
    public void Record(double firstToken, double? perToken, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_measured)
            {
                // What was derived from whole answers was a guess.
                _measured = true;
                _firstToken = default;
                _perToken = default;
                _histogram = new LatencyHistogram();
            }

            _histogram!.Add(firstToken, now.UtcTicks);
            Add(firstToken, perToken, now.UtcTicks);
        }
    }

    /// <summary>
    /// An answer that came in one piece, of which only the whole time is known: it is taken as slower or faster in both its parts than was
    /// expected. Where nothing was, every token took as long as every other.
    /// </summary>
    /// <param name="tokens">Of output; 0 where it had none, or nobody knows.</param>
    public void RecordWhole(double seconds, long tokens, DateTimeOffset now)
    {
        lock (_gate)
        {
            var further = Math.Max(0, tokens - 1);
            var first = _firstToken.Value;
            var each = _perToken.Value;
            if (further == 0)
            {
                Add(seconds, null, now.UtcTicks);
            }
            else if (double.IsNaN(first) || double.IsNaN(each) || first + (each * further) <= 0)
            {
                Add(seconds / tokens, seconds / tokens, now.UtcTicks);
            }
            else
            {
                var ratio = seconds / (first + (each * further));
                Add(first * ratio, each * ratio, now.UtcTicks);
            }
        }
    }

    private void Add(double firstToken, double? perToken, long ticks)
    {
        _firstToken.Add(firstToken, ticks);
        Volatile.Write(ref _firstTokenRead, _firstToken.Value);
        if (perToken is { } each)
        {
            _perToken.Add(each, ticks);
        }

        Volatile.Write(ref _perTokenRead, _perToken.Value);
        Volatile.Write(ref _count, _count + 1);
        Volatile.Write(ref _lastAt, Math.Max(_lastAt, ticks));
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}

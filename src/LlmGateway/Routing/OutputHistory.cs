namespace LlmGateway.Routing;

/// <summary>How long the answers of one route were lately. Thread-safe.</summary>
internal sealed class OutputHistory
{
    /// <summary>After so many answers a new one counts one in so many: a route's habits may change, but not by one answer.</summary>
    private const int Span = 64;

    private readonly Lock _gate = new();
    private double _mean = double.NaN;
    private int _count;

    /// <summary>Decayed mean of the output tokens of one choice; null before there is any.</summary>
    public double? Mean => Volatile.Read(ref _mean) is var mean && double.IsNaN(mean) ? null : mean;

    public void Add(double tokens)
    {
        lock (_gate)
        {
            _count = Math.Min(_count + 1, Span);
            Volatile.Write(ref _mean, _count == 1 ? tokens : _mean + (tokens - _mean) / _count);
        }
    }
}

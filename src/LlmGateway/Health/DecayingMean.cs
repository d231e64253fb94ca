namespace LlmGateway.Health;

/// <summary>A mean in which a sample counts half after <see cref="HalfLife"/>. Not thread-safe: its owner locks.</summary>
internal struct DecayingMean
{
    public static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(60);

    private double _sum;
    private double _weight;
    private long _at;

    /// <summary>Not a number while there is no sample.</summary>
    public readonly double Value => _weight > 0 ? _sum / _weight : double.NaN;

    public void Add(double sample, long ticks)
    {
        if (ticks > _at)
        {
            // Samples of the same instant, and of a clock that was set back, find nothing to decay.
            var kept = _weight > 0 ? Math.Exp((_at - ticks) * (Math.Log(2) / HalfLife.Ticks)) : 0;
            _sum *= kept;
            _weight *= kept;
            _at = ticks;
        }

        _sum += sample;
        _weight += 1;
    }
}

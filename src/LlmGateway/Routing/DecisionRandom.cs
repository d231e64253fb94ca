namespace LlmGateway.Routing;

/// <summary>The chance of one decision (SplitMix64): drawn from one seed, so that the same seed decides the same, and no lock is held meanwhile.</summary>
internal struct DecisionRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <summary>0 up to, and without, <paramref name="below"/>.</summary>
    public int Next(int below) => (int)(Next() % (uint)below);

    /// <summary>0 up to, and without, 1.</summary>
    public double NextDouble() => ToUnit(Next());

    /// <summary>Spreads the bits of a number over all of its 64.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>The upper 53 bits as a fraction: as many as a double holds.</summary>
    public static double ToUnit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}

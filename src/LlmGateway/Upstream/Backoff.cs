namespace LlmGateway.Upstream;

/// <summary>How long to wait before a deployment is asked again that did not say how long.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Doubles with each failure, less a random part of up to a half, so that those who failed together do not come back together.</summary>
    /// <param name="failures">How often it has failed in this exchange, 1 for the first time.</param>
    public TimeSpan After(int failures)
    {
        var whole = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        whole = whole < Longest ? whole : Longest;
        return whole * (1 - (Next() / 2));
    }

    /// <summary>The pause that a provider asked for, and up to a tenth of it more, 250 ms at most: all who wait for it are told the same.</summary>
    public TimeSpan Asked(TimeSpan pause)
    {
        var spread = pause * (Next() / 10);
        return pause + (spread < TimeSpan.FromMilliseconds(250) ? spread : TimeSpan.FromMilliseconds(250));
    }

    private double Next()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }
}

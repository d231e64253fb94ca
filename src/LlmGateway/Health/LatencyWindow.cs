namespace LlmGateway.Health;

/// <summary>How fast a deployment was lately: means whose samples lose their weight with time. Thread-safe.</summary>
internal sealed class LatencyWindow
{
    /// <summary>Time to the first token, in seconds; null while nothing is known.</summary>
    public double? FirstToken => null;

    /// <summary>Time for each further output token, in seconds; null while nothing is known.</summary>
    public double? PerToken => null;

    /// <summary>95th percentile of the time to the first token, in seconds; null while there are too few samples.</summary>
    public double? FirstTokenP95 => null;

    /// <summary>Samples ever.</summary>
    public long Count => 0;

    /// <summary>When the last sample came.</summary>
    public DateTimeOffset? LastAt => null;

    /// <param name="firstToken">From the start of the attempt to its first event with content, in seconds.</param>
    /// <param name="perToken">Mean time of each further token, in seconds; null where there was none.</param>
    public void Record(double firstToken, double? perToken, DateTimeOffset now)
    {
    }
}

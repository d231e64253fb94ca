using System.Diagnostics.Metrics;

namespace LlmGateway.Telemetry;

/// <summary>The one meter of the gateway. Prometheus shows an instrument as <c>llmgateway_&lt;instrument&gt;</c>.</summary>
internal static class GatewayMeter
{
    public const string Name = "llmgateway";
}

/// <summary>Bucket bounds in seconds, chosen once for all histograms of a kind.</summary>
internal static class Buckets
{
    /// <summary>From a cache hit to a long stream.</summary>
    public static readonly InstrumentAdvice<double> Duration = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640],
    };

    /// <summary>What the gateway adds is counted in tens of microseconds.</summary>
    public static readonly InstrumentAdvice<double> Overhead = new()
    {
        HistogramBucketBoundaries = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
    };
}

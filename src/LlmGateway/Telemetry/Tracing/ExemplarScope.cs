namespace LlmGateway.Telemetry.Tracing;

/// <summary>The trace that measurements of this thread belong to, for as long as they are made: histograms link to it.</summary>
internal static class ExemplarScope
{
    [ThreadStatic]
    private static string? Trace;

    public static string? Current => Trace;

    /// <summary>Begins it; null for none.</summary>
    public static void Begin(string? traceId) => Trace = traceId;

    public static void End() => Trace = null;
}

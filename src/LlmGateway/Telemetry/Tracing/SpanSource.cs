using System.Diagnostics;

namespace LlmGateway.Telemetry.Tracing;

/// <summary>Makes the spans of one gateway. There is none where no traces are configured.</summary>
internal sealed class SpanSource : IDisposable
{
    private const string FirstName = "llmgateway";

    private static int Made;

    private readonly ActivitySource _source;

    public SpanSource()
    {
        // Sources are listened to by their names, over the whole process: a second gateway in it (a test) has a name of its own.
        Name = Interlocked.Increment(ref Made) is var number and > 1 ? $"{FirstName}.{number}" : FirstName;
        _source = new ActivitySource(Name);
    }

    public string Name { get; }

    /// <summary>
    /// Begins a span without making it the current one: what is current flows with the execution context, which every await of a request would pay for.
    /// Whoever has the exchange has its spans.
    /// </summary>
    public Activity? Begin(string name, ActivityKind kind, ActivityContext parent, DateTimeOffset at)
    {
        var current = Activity.Current;
        var span = _source.StartActivity(name, kind, parent, startTime: at);
        if (!ReferenceEquals(Activity.Current, current))
        {
            Activity.Current = current;
        }

        return span;
    }

    /// <summary>Ends a span, and hands it to be sent.</summary>
    public static void End(Activity span, DateTimeOffset at)
    {
        span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        span.SetEndTime(at.UtcDateTime);
        var current = Activity.Current;
        span.Stop();
        if (!ReferenceEquals(Activity.Current, current))
        {
            Activity.Current = current;
        }
    }

    public void Dispose() => _source.Dispose();
}

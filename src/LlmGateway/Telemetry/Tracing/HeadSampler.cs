using System.Diagnostics;
using OpenTelemetry.Trace;

namespace LlmGateway.Telemetry.Tracing;

/// <summary>
/// Decides at the beginning of a request: as the caller's <c>traceparent</c> says, else by the trace id, so that every service of a trace that goes by
/// the same share decides alike. What it leaves out is recorded all the same, since an error or a slow answer keeps it at the end.
/// </summary>
internal sealed class HeadSampler(double share) : Sampler
{
    private readonly TraceIdRatioBasedSampler _byTraceId = new(share);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        var keep = parent.SpanId == default
            ? _byTraceId.ShouldSample(samplingParameters).Decision is SamplingDecision.RecordAndSample
            : (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0;
        return new SamplingResult(keep ? SamplingDecision.RecordAndSample : SamplingDecision.RecordOnly);
    }
}

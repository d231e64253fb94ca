using System.Diagnostics.Metrics;
using LlmGateway.Protocols.Errors;
using LlmGateway.Telemetry;

namespace LlmGateway.Upstream;

/// <summary>Attempts by deployment, cause and outcome.</summary>
internal sealed class UpstreamMetrics
{
    private static readonly string[] CauseNames = ["primary", "retry", "fallback", "hedge", "shadow", "cache", "embedding", "evaluation"];

    private readonly Counter<long> _attempts;

    public UpstreamMetrics(IMeterFactory meters) =>
        _attempts = meters.Create(GatewayMeter.Name).CreateCounter<long>("attempts_total", "{attempt}", "Calls to deployments, by cause and outcome.");

    public void Ended(Attempt attempt)
    {
        if (_attempts.Enabled)
        {
            _attempts.Add(1,
                new("deployment", attempt.Deployment.Name), new("cause", CauseNames[(int)attempt.Cause]), new("outcome", Outcome(attempt.Outcome!)));
        }
    }

    private static string Outcome(AttemptOutcome outcome) => outcome.Result switch
    {
        AttemptResult.Succeeded => "succeeded",
        AttemptResult.Cancelled => "cancelled",
        _ => outcome.Class!.Value.Name(),
    };
}

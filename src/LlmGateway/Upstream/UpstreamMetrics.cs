using System.Diagnostics.Metrics;
using LlmGateway.Protocols.Errors;
using LlmGateway.Telemetry;

namespace LlmGateway.Upstream;

/// <summary>Attempts by deployment, cause and outcome.</summary>
internal sealed class UpstreamMetrics
{
    private static readonly string[] CauseNames = ["primary", "retry", "fallback", "hedge", "shadow", "cache", "embedding", "evaluation"];

    private readonly Counter<long> _attempts;
    private readonly Counter<long> _failovers;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _tls;

    public UpstreamMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _attempts = meter.CreateCounter<long>("attempts_total", "{attempt}", "Calls to deployments, by cause and outcome.");
        _failovers = meter.CreateCounter<long>("failovers_total", "{attempt}", "Attempts that failed, by the deployment that failed and the class of failure.");
        _hedges = meter.CreateCounter<long>("hedges_total", "{attempt}", "Second attempts that were made, by the deployment that lost, its class of failure, and whether the second won.");
        _tls = meter.CreateCounter<long>("tls_failures_total", "{attempt}", "Attempts without a secure connection, by provider: its certificate is not good, or it speaks no TLS.");
    }

    /// <summary>An attempt has failed; another is made where that is allowed.</summary>
    public void FailedOver(Attempt attempt)
    {
        if (_failovers.Enabled && attempt.Outcome?.Class is { } kind)
        {
            _failovers.Add(1, new("deployment", attempt.Deployment.Name), new("class", kind.Name()));
        }
    }

    /// <summary>Of two attempts this one was not the faster one.</summary>
    /// <param name="won">The second was faster.</param>
    public void Hedged(Attempt loser, bool won)
    {
        if (_hedges.Enabled)
        {
            _hedges.Add(1, new("deployment", loser.Deployment.Name), new("class", Outcome(loser.Outcome!)), new("result", won ? "won" : "lost"));
        }

        FailedOver(loser);
    }

    public void Ended(Attempt attempt)
    {
        if (attempt.Outcome is { Detail: TransportFailure.NoTls } && _tls.Enabled)
        {
            _tls.Add(1, new KeyValuePair<string, object?>("provider", attempt.Deployment.Provider.Name));
        }

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

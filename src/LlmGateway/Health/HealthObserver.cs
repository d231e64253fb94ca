using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Health;

/// <summary>
/// Tells the state of a deployment of every attempt that begins and ends. The last of the observers: an attempt that an earlier one refuses
/// never begins here, and so never ends.
/// </summary>
internal sealed class HealthObserver : IAttemptObserver
{
    public GatewayError? Starting(Exchange exchange, Attempt attempt)
    {
        attempt.State.Began(attempt.StartedAt);
        return null;
    }

    public ValueTask EndedAsync(Exchange exchange, Attempt attempt)
    {
        var outcome = attempt.Outcome;
        var end = attempt.FinishedAt ?? attempt.StartedAt;
        var tokens = attempt.Usage.InputTokens + attempt.Usage.OutputTokens;
        attempt.State.Ended(Verdict(outcome), tokens, end, attempt.Probe, attempt.StartedAt);
        if (outcome?.Result is AttemptResult.Succeeded)
        {
            attempt.CredentialState?.Proved(attempt.StartedAt);
            Pace(exchange, attempt, end);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What the outcome says of the deployment, not of the caller, the key or the wallet.</summary>
    internal static HealthVerdict Verdict(AttemptOutcome? outcome) => outcome switch
    {
        { Result: AttemptResult.Succeeded } => HealthVerdict.Succeeded,
        { Result: AttemptResult.Failed, Class: ErrorClass.BadGateway or ErrorClass.Timeout or ErrorClass.Overloaded or ErrorClass.ModelAccess } =>
            HealthVerdict.Failed,

        // It refuses what it should refuse.
        { Result: AttemptResult.Failed, Class: ErrorClass.BadRequest or ErrorClass.ContextLength or ErrorClass.ContentFilter } => HealthVerdict.Succeeded,
        _ => HealthVerdict.Undecided,
    };

    private static void Pace(Exchange exchange, Attempt attempt, DateTimeOffset end)
    {
        var tokens = attempt.UsageSource is UsageSource.Unknown ? 0 : attempt.Usage.OutputTokens;
        if (exchange.Request is not { Stream: true })
        {
            attempt.State.Latency.RecordWhole(Seconds(attempt.StartedAt, end), tokens, end);
        }
        else if (attempt.FirstEventAt is { } first)
        {
            double? each = tokens > 1 ? Seconds(first, end) / (tokens - 1) : null;
            attempt.State.Latency.Record(Seconds(attempt.StartedAt, first), each, end);
        }
    }

    /// <summary>Never negative: the clock may have been set back.</summary>
    private static double Seconds(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (to - from).TotalSeconds);
}

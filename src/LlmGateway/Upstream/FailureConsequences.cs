using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>What a failure means for the credential that met it: it rests, or it is taken out.</summary>
internal static class FailureConsequences
{
    /// <summary>Where a provider limits the rate and does not say for how long.</summary>
    private static readonly TimeSpan DefaultRest = TimeSpan.FromSeconds(1);

    public static void Apply(Attempt attempt)
    {
        if (attempt.Outcome is not { Result: AttemptResult.Failed } outcome)
        {
            return;
        }

        var now = attempt.FinishedAt ?? attempt.Clock.Now;
        switch (outcome.Class)
        {
            case ErrorClass.RateLimit:
                Rest(attempt, now + (outcome.RetryAfter ?? DefaultRest));
                break;
            case ErrorClass.Overloaded when outcome.RetryAfter is { } pause:
                // The model is busy, not the account: other deployments behind the same credential may not be.
                attempt.State.Rest(now + pause);
                break;
            case ErrorClass.QuotaExhausted when outcome.RetryAfter is { } reset:
                Rest(attempt, now + reset);
                break;
            case ErrorClass.QuotaExhausted:
                attempt.CredentialState?.Bury("its quota is used up", now, spent: true);
                break;
            case ErrorClass.ModelAccess when attempt.Status == StatusCodes.Status403Forbidden && attempt.Deployment.Provider.Credentials.Count < 2:
                // It may be good for the provider's other models, and there is nothing to go on with instead.
                break;
            case ErrorClass.ModelAccess when attempt.Status == StatusCodes.Status403Forbidden:
            case ErrorClass.UpstreamAuth:
                attempt.CredentialState?.Bury($"the provider refused it with status {attempt.Status}", now);
                break;
        }
    }

    private static void Rest(Attempt attempt, DateTimeOffset until)
    {
        if (attempt.CredentialState is { } credential)
        {
            credential.Rest(until);
        }
        else
        {
            attempt.State.Rest(until);
        }
    }
}

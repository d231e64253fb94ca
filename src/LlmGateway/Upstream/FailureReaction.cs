using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>What a failure allows to be done next.</summary>
internal enum FailureReaction
{
    /// <summary>Nothing: the request is at fault, and would be anywhere. It is tried exactly once.</summary>
    Stop,

    /// <summary>The same deployment after a pause, or another one.</summary>
    RetryOrSwitch,

    /// <summary>The same deployment with another credential, or another one.</summary>
    ChangeCredential,

    /// <summary>Another deployment: this one would fail again, or has used up its patience.</summary>
    Switch,

    /// <summary>Only a deployment with a larger context window.</summary>
    LargerWindow,
}

/// <summary>Which class of failure allows what; the classes are those of the protocols, whatever status they came with.</summary>
internal static class FailureReactions
{
    public static FailureReaction To(ErrorClass kind, int? status = null) => kind switch
    {
        // What one account may not use another of the same provider may.
        ErrorClass.ModelAccess when status == StatusCodes.Status403Forbidden => FailureReaction.ChangeCredential,
        ErrorClass.BadRequest or ErrorClass.ContentFilter or ErrorClass.Interrupted => FailureReaction.Stop,
        ErrorClass.ContextLength => FailureReaction.LargerWindow,
        ErrorClass.UpstreamAuth or ErrorClass.QuotaExhausted or ErrorClass.RateLimit => FailureReaction.ChangeCredential,

        // A deployment that was silent once is not waited for again.
        ErrorClass.Timeout or ErrorClass.ModelAccess => FailureReaction.Switch,
        _ => FailureReaction.RetryOrSwitch,
    };
}

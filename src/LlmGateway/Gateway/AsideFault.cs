namespace LlmGateway.Gateway;

/// <summary>Why a call that no client asked for has no answer.</summary>
internal enum AsideFault
{
    None,

    /// <summary>Who pays must not use that deployment, or it is not there any more as it was.</summary>
    Forbidden,

    /// <summary>Limits or budgets of who pays have no room, it has no price, or it cannot be booked. The deployment was not asked.</summary>
    Refused,

    /// <summary>The deployment has failed too often, was asked to pause, or would go beyond its quota. It was not asked.</summary>
    Resting,

    /// <summary>The provider refuses this very request.</summary>
    Rejected,

    /// <summary>The provider failed.</summary>
    Failed,

    /// <summary>There was no answer in time.</summary>
    Late,

    /// <summary>The answer was not wanted any more.</summary>
    Cancelled,

    /// <summary>The gateway stops.</summary>
    Stopping,
}

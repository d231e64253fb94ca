namespace LlmGateway.Protocols.Errors;

/// <summary>What kind of failure an upstream reported, the same for all providers.</summary>
public enum ErrorClass
{
    /// <summary>The request is at fault; another deployment would refuse it too.</summary>
    BadRequest,

    /// <summary>The provider does not accept the gateway's credential.</summary>
    UpstreamAuth,

    /// <summary>The model does not exist there, or the account may not use it.</summary>
    ModelAccess,

    /// <summary>The prompt is longer than the model takes.</summary>
    ContextLength,

    /// <summary>The provider's policy refuses the content.</summary>
    ContentFilter,

    /// <summary>Too many requests or tokens in a short time; waiting helps.</summary>
    RateLimit,

    /// <summary>Money or a long quota is used up; waiting a while does not help.</summary>
    QuotaExhausted,

    /// <summary>The provider lacks capacity at the moment.</summary>
    Overloaded,

    /// <summary>The provider, or something before it, gave up waiting.</summary>
    Timeout,

    /// <summary>The provider failed, or what it sent makes no sense.</summary>
    BadGateway,

    /// <summary>No provider's failure: the gateway stopped before the answer was whole.</summary>
    Interrupted,
}

namespace LlmGateway.Gateway;

/// <summary>Whose fault an answer is; the label <c>fault</c> of the metrics.</summary>
internal enum Fault
{
    None,
    Caller,
    Policy,
    Provider,
    Gateway,
}

/// <summary>An answer that is an error, before it is written in the caller's dialect.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">OpenAI's <c>error.type</c>.</param>
/// <param name="Code">OpenAI's <c>error.code</c>, or null.</param>
/// <param name="Message">What was wrong, where, and what to do. Never a secret, never another tenant's name.</param>
/// <param name="Fault">Whose fault.</param>
internal sealed record GatewayError(int Status, string Type, string? Code, string Message, Fault Fault)
{
    /// <summary>OpenAI's <c>error.param</c>, or null.</summary>
    public string? Param { get; init; }

    /// <summary>False where a retry cannot help: sent as <c>x-should-retry: false</c>.</summary>
    public bool Retryable { get; init; }

    /// <summary>Sent as <c>retry-after</c>, in whole seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

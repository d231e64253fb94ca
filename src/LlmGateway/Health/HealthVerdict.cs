namespace LlmGateway.Health;

/// <summary>What an attempt says of the health of its deployment.</summary>
internal enum HealthVerdict
{
    /// <summary>It answered, if only to refuse: it is well.</summary>
    Succeeded,

    /// <summary>It broke, was silent or overloaded.</summary>
    Failed,

    /// <summary>The attempt says nothing: the client left, a limit of rate was met, another attempt was faster.</summary>
    Undecided,
}

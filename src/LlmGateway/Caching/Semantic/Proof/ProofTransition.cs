namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>A route or partition has come into another state: to be logged, and alerted where serving has ended.</summary>
/// <param name="Partition">Null for the route.</param>
internal sealed record ProofTransition(string Route, string? Partition, ServeState From, ServeState To, ProofReason Reason, DateTimeOffset At)
{
    /// <summary>Whether hits were served before and are not any more.</summary>
    public bool EndsServing => Partition is null ? From == ServeState.Proven && To != ServeState.Proven : To == ServeState.ShutOff;
}

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>What is to become of a hit.</summary>
/// <param name="Serve">Whether the client gets the stored answer.</param>
/// <param name="Verify">Where the stored answer is to be compared with the real one: what is handed back with the label. Null for most.</param>
internal readonly record struct HitDecision(bool Serve, PendingLabel? Verify);

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>A proof as it is kept.</summary>
/// <param name="Partition">Null for the route's.</param>
internal sealed record StoredProof(string Route, string Epoch, string? Partition, ProofState State, ProofTallies Tallies);

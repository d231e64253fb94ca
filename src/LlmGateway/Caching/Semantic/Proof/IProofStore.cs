namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>
/// Where proofs and shut-offs outlive the process. Each node has its own: a node's labels are proof for what this node serves, and those
/// of several nodes are not merged (sums of <see cref="Evidence"/> could be, drift could not).
/// </summary>
internal interface IProofStore
{
    /// <summary>What is kept of a route in one epoch, in no order.</summary>
    IReadOnlyList<StoredProof> Load(string route, string epoch);

    /// <summary>Keeps all of them or none, in the place of what was kept.</summary>
    void Save(IReadOnlyList<StoredProof> proofs);

    /// <summary>Drops what was last saved before.</summary>
    void Forget(DateTimeOffset before);
}

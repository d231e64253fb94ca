using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>Proofs that end with the test.</summary>
internal sealed class MemoryProofs : IProofStore
{
    private readonly Dictionary<(string Route, string Epoch, string? Partition), StoredProof> _proofs = [];

    public IReadOnlyList<StoredProof> Load(string route, string epoch) => [.. _proofs.Values.Where(proof => proof.Route == route && proof.Epoch == epoch)];

    public void Save(IReadOnlyList<StoredProof> proofs)
    {
        foreach (var proof in proofs)
        {
            _proofs[(proof.Route, proof.Epoch, proof.Partition)] = proof;
        }
    }

    public void Forget(DateTimeOffset before)
    {
    }
}

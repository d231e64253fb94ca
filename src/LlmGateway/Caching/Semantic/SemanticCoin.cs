namespace LlmGateway.Caching.Semantic;

/// <summary>Chooses the hits that are compared. Not by anything about them: proofs stand on it.</summary>
internal sealed class SemanticCoin(Random random)
{
    private readonly Lock _gate = new();

    /// <summary>Uniform over [0, 1).</summary>
    public double Toss()
    {
        lock (_gate)
        {
            return random.NextDouble();
        }
    }
}

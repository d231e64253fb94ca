namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>What was served, and what would have been.</summary>
internal sealed class ProofTallies
{
    public ProofTally Served { get; set; } = new();

    public ProofTally WouldBe { get; set; } = new();

    public ProofTallies Copy() => new() { Served = Served.Copy(), WouldBe = WouldBe.Copy() };
}

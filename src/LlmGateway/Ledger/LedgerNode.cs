namespace LlmGateway.Ledger;

/// <summary>What rows of this process are called: another name after each start, so that no two processes ever share one.</summary>
internal sealed record LedgerNode(string Name)
{
    public LedgerNode()
        : this($"{Environment.MachineName}-{Guid.NewGuid().ToString("N")[..8]}")
    {
    }
}

using LlmGateway.Gateway;

namespace LlmGateway.Limits;

/// <summary>There is no past: for a gateway that is composed without a ledger.</summary>
internal sealed class NoSpendHistory : ISpendHistory
{
    public ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellation) => new([]);
}

using LlmGateway.Catalog;

namespace LlmGateway.Gateway;

/// <summary>Is told, at a start, what attempts came to that a process left which died.</summary>
internal interface IRecoveredSpend
{
    void Recovered(IReadOnlyList<RecoveredAttempt> attempts);
}

/// <summary>An attempt of a process that died, as its row has it.</summary>
/// <param name="Tags">One JSON object.</param>
/// <param name="Cost">Null where it has none.</param>
/// <param name="Node">What the ledger calls the rows of that process.</param>
internal sealed record RecoveredAttempt(
    Guid OperationId, string Tenant, string Project, string KeyId, string? Route, ReadOnlyMemory<byte> Tags, DateTimeOffset StartedAt,
    long InputTokens, long OutputTokens, Money? Cost, string? Node = null);

namespace LlmGateway.Health;

/// <summary>What a rate-limit header counts. The order is that of <see cref="QuotaWindow"/>'s slots.</summary>
internal enum QuotaKind
{
    Requests,
    Tokens,
    InputTokens,
    OutputTokens,
    RequestsPerDay,
    TokensPerDay,
}

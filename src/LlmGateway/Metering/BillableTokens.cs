using LlmGateway.Protocols.Usage;

namespace LlmGateway.Metering;

/// <summary>
/// A usage in kinds that do not overlap, so that each token is charged once. Never negative; where a provider reports a part greater
/// than its whole, the part stands as reported and the rest is 0.
/// </summary>
internal readonly record struct BillableTokens(long Uncached, long Cached, long CacheWrite, long Output, long Reasoning)
{
    public static BillableTokens From(in TokenUsage usage)
    {
        var cached = Math.Max(usage.CachedInputTokens, 0);
        var cacheWrite = Math.Max(usage.CacheWriteTokens, 0);
        var reasoning = Math.Max(usage.ReasoningTokens, 0);
        return new BillableTokens(
            Math.Max(usage.InputTokens - Add(cached, cacheWrite), 0),
            cached,
            cacheWrite,
            Math.Max(usage.OutputTokens - reasoning, 0),
            reasoning);
    }

    /// <summary>What tiers are chosen by.</summary>
    public long TotalInput => Add(Uncached, Add(Cached, CacheWrite));

    public long TotalOutput => Add(Output, Reasoning);

    private static long Add(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}

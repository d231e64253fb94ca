namespace LlmGateway.Protocols.Usage;

/// <summary>What one answer used, in tokens, in one shape for all providers. Never negative.</summary>
/// <remarks>
/// Providers repeat the same counts within one answer (cumulative counters, the same usage in two chunks): of all that arrive for one
/// answer <b>the last one counts; they are never summed</b>. That is the caller's rule to keep, the readers see one object at a time.
/// </remarks>
/// <param name="InputTokens">The whole prompt: fresh, read from a cache and written to a cache.</param>
/// <param name="CachedInputTokens">The part of <paramref name="InputTokens"/> that was read from a prompt cache.</param>
/// <param name="CacheWriteTokens">The part of <paramref name="InputTokens"/> that was written to a prompt cache; apart from the cached part.</param>
/// <param name="OutputTokens">The whole completion, reasoning included.</param>
/// <param name="ReasoningTokens">The part of <paramref name="OutputTokens"/> that was spent on reasoning.</param>
public readonly record struct TokenUsage(
    long InputTokens, long CachedInputTokens, long CacheWriteTokens, long OutputTokens, long ReasoningTokens)
{
    /// <summary>Prompt tokens that were neither read from nor written to a cache.</summary>
    public long FreshInputTokens => InputTokens - CachedInputTokens - CacheWriteTokens;

    /// <summary>Prompt and completion; saturates at <see cref="long.MaxValue"/>.</summary>
    public long TotalTokens => TokenCount.Add(InputTokens, OutputTokens);

    /// <summary>Builds a usage that keeps its own rules: nothing negative, every part at most its whole.</summary>
    public static TokenUsage Clamped(long input, long cached, long cacheWrite, long output, long reasoning)
    {
        input = Math.Max(input, 0);
        output = Math.Max(output, 0);
        cached = Math.Clamp(cached, 0, input);
        return new TokenUsage(input, cached, Math.Clamp(cacheWrite, 0, input - cached), output, Math.Clamp(reasoning, 0, output));
    }
}

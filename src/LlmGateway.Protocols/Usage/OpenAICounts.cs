namespace LlmGateway.Protocols.Usage;

/// <summary>The numbers of a usage object as they were written, and the arithmetic that tells parts from additions.</summary>
internal struct OpenAICounts
{
    private long? _cached;
    private long? _cacheWrite;

    public long? Prompt { get; set; }

    public long? Completion { get; set; }

    public long? Total { get; set; }

    public long? CacheMiss { get; set; }

    public long? Reasoning { get; set; }

    public readonly bool Any =>
        (Prompt ?? Completion ?? Total ?? CacheMiss ?? Reasoning ?? _cached ?? _cacheWrite) is not null;

    // The same count often stands in two places, and one of them may be 0 or missing.
    public void SeenCached(long? tokens) => _cached = tokens is { } seen ? Math.Max(seen, _cached ?? 0) : _cached;

    public void SeenCacheWrite(long? tokens) => _cacheWrite = tokens is { } seen ? Math.Max(seen, _cacheWrite ?? 0) : _cacheWrite;

    public readonly TokenUsage Resolve(OpenAIUsageProfile profile)
    {
        var cached = _cached ?? 0;
        var reasoning = Reasoning ?? 0;
        var total = Total ?? 0;
        var prompt = Prompt ?? InferPrompt(cached, total);
        var completion = Completion ?? Math.Max(total - prompt, 0);
        var (addCached, addReasoning) = Additions(profile, prompt, cached, completion, reasoning, total);
        return TokenUsage.Clamped(
            addCached ? TokenCount.Add(prompt, cached) : prompt,
            cached,
            _cacheWrite ?? 0,
            addReasoning ? TokenCount.Add(completion, reasoning) : completion,
            reasoning);
    }

    private readonly long InferPrompt(long cached, long total) => CacheMiss is { } miss
        ? TokenCount.Add(cached, miss)
        : Math.Max(total - (Completion ?? 0), 0);

    // xAI counts reasoning beside the completion, and for some models cached tokens beside the prompt. The total tells, where it is given
    // and adds up in one way; where it does not, only the profile can.
    private static (bool AddCached, bool AddReasoning) Additions(
        OpenAIUsageProfile profile, long prompt, long cached, long completion, long reasoning, long total)
    {
        var sum = TokenCount.Add(prompt, completion);
        var xai = profile == OpenAIUsageProfile.Xai;
        if (total > 0 && total == sum)
            return (false, false);
        if (total > 0 && total == TokenCount.Add(sum, reasoning))
            return (false, true);
        if (total > 0 && total == TokenCount.Add(sum, cached))
            return (true, false);
        if (total > 0 && total == TokenCount.Add(TokenCount.Add(sum, reasoning), cached))
            return (true, true);
        return (xai && cached > prompt, xai);
    }
}

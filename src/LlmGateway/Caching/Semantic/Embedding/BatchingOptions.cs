namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>How an embedder that is called over the network is called.</summary>
internal sealed record BatchingOptions
{
    /// <summary>See <see cref="IEmbedder.Id"/>.</summary>
    public required string Id { get; init; }

    public required int Dimensions { get; init; }

    /// <summary>Texts in one call; 10 is the least that a provider of note takes.</summary>
    public int MostInputs { get; init; } = 10;

    /// <summary>Of a text. Long turns are seldom asked twice, and cost the most.</summary>
    public int MostCharacters { get; init; } = 8000;

    /// <summary>How long the first text of a call waits for others.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long a request waits for its vector.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a call may go on when nobody waits for it any more: it is paid for, and the next who asks has it.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>That vectors of texts that were asked for lately may take.</summary>
    public long CacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Share of failed and late calls within <see cref="BreakerWindow"/> from which the embedder is left alone.</summary>
    public double FailureRatio { get; init; } = 0.5;

    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls in the window before the share counts; 2 or more.</summary>
    public int BreakerMinimum { get; init; } = 5;

    /// <summary>How long it is left alone.</summary>
    public TimeSpan BreakerOpen { get; init; } = TimeSpan.FromSeconds(5);
}

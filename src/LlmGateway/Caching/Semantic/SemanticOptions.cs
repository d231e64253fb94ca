namespace LlmGateway.Caching.Semantic;

/// <summary>What is the same for all routes.</summary>
internal sealed record SemanticOptions
{
    /// <summary>Goes up with whatever changes which pairs of questions are hits: normaliser, guards, verifier, this. Proofs begin anew then.</summary>
    public const string Rules = "1";

    /// <summary>Candidates that are looked at.</summary>
    public const int Candidates = 5;

    /// <summary>Of the threshold: from here on what is no hit is worth comparing, to see what a lower threshold would bring.</summary>
    public const double NearMiss = 0.6;

    /// <summary>The share of near misses that is compared where that costs: no proof comes of them.</summary>
    public const double NearMissShare = 0.1;

    /// <summary>Answers that are looked up for one request, should the first be gone: each may cost a visit to Redis.</summary>
    public const int MostFetches = 2;

    /// <summary>How long a request waits for its vector.</summary>
    public TimeSpan EmbedDeadline { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Comparisons that may wait.</summary>
    public int MostWaiting { get; init; } = 256;

    /// <summary>Bytes of answers that may wait with them.</summary>
    public long MostWaitingBytes { get; init; } = 64 << 20;

    /// <summary>How long one may take.</summary>
    public TimeSpan LabelDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often proofs are saved and late comparisons given up.</summary>
    public TimeSpan Upkeep { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Proofs that nobody has added to for so long are dropped.</summary>
    public TimeSpan KeepProofs { get; init; } = TimeSpan.FromDays(366);
}

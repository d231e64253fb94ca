namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>An embedder that makes no vector before a probe has found it fit.</summary>
/// <param name="context">Who pays for the probe.</param>
internal sealed class ProbedEmbedder(IEmbedder embedder, EmbeddingContext context, TimeProvider time, ILogger<ProbedEmbedder> logger) : IEmbedder
{
    /// <summary>How long until an embedder that could not be asked is asked again, at first: while the gateway starts, nothing can be booked yet.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <summary>How long at most; it doubles.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private volatile object _verdict = new ProbeVerdict(ProbeState.Unknown, "it was not asked yet");

    public string Id => embedder.Id;

    public int Dimensions => embedder.Dimensions;

    public ProbeVerdict Verdict => (ProbeVerdict)_verdict;

    public ValueTask<EmbeddingResult> EmbedAsync(string text, EmbeddingContext context, CancellationToken cancellation) => Verdict.State switch
    {
        ProbeState.Fit => embedder.EmbedAsync(text, context, cancellation),
        ProbeState.Unfit => new(EmbeddingResult.Without(EmbeddingGap.Unfit)),
        _ => new(EmbeddingResult.Without(EmbeddingGap.Unproven)),
    };

    /// <summary>Asks until it is known. Ends then, or when it is cancelled; without an exception.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var wait = FirstWait; !cancellation.IsCancellationRequested; wait = wait * 2 < Wait ? wait * 2 : Wait)
        {
            var verdict = await EmbedderProbe.RunAsync(embedder, context, cancellation);
            _verdict = verdict;
            switch (verdict.State)
            {
                case ProbeState.Fit:
                    logger.EmbedderFit(Id, verdict.Why);
                    return;
                case ProbeState.Unfit:
                    logger.EmbedderUnfit(Id, verdict.Why);
                    return;
                case ProbeState.Unknown when !cancellation.IsCancellationRequested:
                    logger.EmbedderUnknown(Id, verdict.Why, wait);
                    await Task.Delay(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
            }
        }
    }
}

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>Hits whose answer was compared with the real one, and how many of them were wrong.</summary>
internal readonly record struct Evidence(long Labelled, long Wrong)
{
    /// <summary>The share of wrong ones; 0 before the first label.</summary>
    public double Rate => Labelled == 0 ? 0 : (double)Wrong / Labelled;

    public Evidence With(bool wrong) => new(Labelled + 1, wrong ? Wrong + 1 : Wrong);
}

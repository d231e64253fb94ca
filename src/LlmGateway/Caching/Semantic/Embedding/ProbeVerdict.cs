namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Whether an embedder may be used.</summary>
internal enum ProbeState
{
    /// <summary>It could not be asked yet.</summary>
    Unknown,

    Fit,
    Unfit,
}

/// <param name="Why">In a sentence, for the operator.</param>
internal readonly record struct ProbeVerdict(ProbeState State, string Why);

namespace LlmGateway.Caching.Semantic.Verifying;

/// <summary>What each feature adds to the log-odds that one answer serves both prompts.</summary>
internal sealed record VerifierWeights(double Bias, double Overlap, double Worst, double Length, double Order, double Question, double Loose)
{
    /// <summary>
    /// Log-odds per unit of cosine above <see cref="CosineCentre"/>. Not fitted: over hard negatives cosine points the wrong way with every
    /// embedder, so that a fit would reward distance. This much lets it speak where all else is undecided.
    /// </summary>
    public const double Cosine = 4;

    public const double CosineCentre = 0.8;

    /// <summary>
    /// Fitted on the pair suite by <c>VerifierFitTests</c>: logistic regression with a small ridge and no weight below 0, since no likeness may count
    /// against a pair. Hard negatives weigh less than paraphrases: what comes here the guards have passed, which next to none of them is. The test
    /// fails when the pairs or the features change and prints what to write here.
    /// </summary>
    public static readonly VerifierWeights Fitted = new(-4.51, 2.44, 3.72, 0.00, 1.28, 0.11, 0.59);

    public double LogOdds(in VerifierFeatures features) =>
        Bias + (Overlap * features.Overlap) + (Worst * features.Worst) + (Length * features.Length) + (Order * features.Order) + (Question * features.Question) + (Loose * features.Loose);
}

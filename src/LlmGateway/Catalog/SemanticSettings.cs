namespace LlmGateway.Catalog;

/// <summary>How far the semantic cache of a route goes.</summary>
internal enum SemanticMode
{
    Off,

    /// <summary>It looks and learns, and nothing is served.</summary>
    Shadow,

    /// <summary>What is proven is served.</summary>
    Serve,
}

/// <summary>Who says whether an answer found by meaning was right.</summary>
internal enum SemanticLabel
{
    /// <summary>It is like the real answer.</summary>
    Similarity,

    /// <summary>A deployment was asked.</summary>
    Judge,
}

/// <summary>How a route answers requests that mean the same as another.</summary>
internal sealed record SemanticSettings
{
    public const string Builtin = "builtin";

    public static readonly SemanticSettings Off = new();

    public SemanticMode Mode { get; init; }

    /// <summary>Makes vectors of texts; null for the embedder that is built in.</summary>
    public Deployment? Embedder { get; init; }

    /// <summary>Of that deployment's vectors.</summary>
    public int Dimensions { get; init; }

    /// <summary>The verifier's score from which on a candidate is a hit.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Requests with more turns of the user are not considered.</summary>
    public int MaxTurns { get; init; } = 1;

    /// <summary>The share of hits that may be wrong.</summary>
    public double MaxWrongHits { get; init; } = 0.01;

    /// <summary>The probability with which that holds.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>The share of served hits for which a provider is asked all the same.</summary>
    public double Verify { get; init; } = 0.05;

    /// <summary>Fewest labels of a proof.</summary>
    public long MinLabels { get; init; } = 300;

    /// <summary>An entry is served only once another asker's real answer has agreed with it.</summary>
    public bool Confirm { get; init; }

    /// <summary>Bytes that the index of the route may take, texts included.</summary>
    public long Memory { get; init; } = 64L << 20;

    public SemanticLabel Label { get; init; }

    /// <summary>Compares answers; null where no deployment does.</summary>
    public Deployment? Judge { get; init; }

    /// <summary>By its name in the configuration.</summary>
    public string EmbedderName => Embedder?.Name ?? Builtin;
}

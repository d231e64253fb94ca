using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>Answers to a request that means the same.</summary>
internal sealed record SemanticCacheConfig
{
    [Setting("Not at all, only counting what would have been found, or in earnest: then what is proven to be right is served.")]
    public SemanticMode Mode { get; init; } = SemanticMode.Off;

    [Setting("What makes vectors of questions: builtin, or the name of a deployment with the capability embeddings, which questions are then sent to.")]
    public string Embedder { get; init; } = SemanticSettings.Builtin;

    [Setting("How many dimensions the vectors of that deployment have.", Min = "8", Max = "4096")]
    public int? Dimensions { get; init; }

    [Setting("How sure the verifier must be that one answer serves both questions. Another value begins the proof anew.", Min = "0", Max = "1")]
    public double Threshold { get; init; } = 0.5;

    [Setting("Requests with more turns of the user are not considered.", Min = "1", Max = "20")]
    public int MaxTurns { get; init; } = 1;

    [Setting("The share of hits that may be wrong: more is not served.", Min = "0.0001", Max = "0.5")]
    public double MaxWrongHits { get; init; } = 0.01;

    [Setting("The probability with which that must be known.", Min = "0.5", Max = "0.9999")]
    public double Confidence { get; init; } = 0.95;

    [Setting("The share of served hits for which a provider is asked all the same, to see whether they were right.", Min = "0.001", Max = "1")]
    public double Verify { get; init; } = 0.05;

    [Setting("Fewest compared hits before any is served.", Min = "1", Max = "1000000")]
    public long MinLabels { get; init; } = 300;

    [Setting("Whether an answer is served by meaning only once a provider's answer to somebody else (another key or end user) has agreed with it.")]
    public bool Confirm { get; init; }

    [Setting("What the index of the route may take in process, and its questions with their answers in the data folder.", Min = "1MB", Max = "64GB")]
    public ByteSize Memory { get; init; } = new(64L << 20);

    [Setting("How an answer that was found is held against the real one. Left out: by the judge where one is named, else by similarity.")]
    public SemanticLabel? Label { get; init; }

    [Setting("Name of a deployment that is asked whether two answers say the same.")]
    public string? Judge { get; init; }
}

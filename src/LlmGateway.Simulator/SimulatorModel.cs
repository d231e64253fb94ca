namespace LlmGateway.Simulator;

/// <summary>A model that the simulator claims to serve.</summary>
/// <param name="Id">The name that requests send and <c>GET /v1/models</c> lists. It must not contain <c>!</c>, which starts a fault.</param>
public sealed record SimulatorModel(string Id)
{
    /// <summary>The <c>owned_by</c> member of the models list.</summary>
    public string OwnedBy { get; init; } = "simulator";

    /// <summary>Tokens that prompt and answer may have together. Default 128,000; at least 1.</summary>
    public int ContextWindow { get; init; } = 128_000;

    /// <summary>Tokens that one answer may have. Default 16,384; at least 1.</summary>
    public int MaxOutputTokens { get; init; } = 16_384;

    /// <summary>Length of an embedding vector; 0 (the default) for a model that chats. At most 8,192.</summary>
    public int EmbeddingDimensions { get; init; }

    /// <summary>Reasoning tokens spent before an answer at medium effort; 0 (the default) for a model that does not reason.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>The models of a simulator that was told nothing else.</summary>
    public static IReadOnlyList<SimulatorModel> Defaults { get; } =
    [
        new("sim-small"),
        new("sim-large") { ContextWindow = 1_000_000, MaxOutputTokens = 65_536 },
        new("sim-reasoning") { ReasoningTokens = 32 },
        new("sim-embedding") { EmbeddingDimensions = 1_536, ContextWindow = 8_192 },
        new("sim-embedding-small") { EmbeddingDimensions = 256, ContextWindow = 8_192 },
    ];
}

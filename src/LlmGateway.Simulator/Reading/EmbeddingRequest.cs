namespace LlmGateway.Simulator.Reading;

/// <summary>What the simulator needs to know of an embedding request.</summary>
internal sealed class EmbeddingRequest : IDisposable
{
    public string? Model { get; set; }

    public int? Dimensions { get; set; }

    public bool Base64 { get; set; }

    public bool HasInput { get; set; }

    /// <summary>Every input, as a part of <see cref="Text"/>, with its tokens: a quarter of its bytes rounded up, or its token ids.</summary>
    public List<(Range Text, int Tokens)> Inputs { get; } = [];

    public PromptText Text { get; } = new();

    public void Dispose() => Text.Dispose();
}

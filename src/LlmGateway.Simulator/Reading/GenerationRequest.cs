namespace LlmGateway.Simulator.Reading;

/// <summary>What the simulator needs to know of a chat or completion request. One pass of <see cref="GenerationReader"/> fills it.</summary>
internal sealed class GenerationRequest(bool chat) : IDisposable
{
    public bool Chat { get; } = chat;

    public string? Model { get; set; }

    public bool Stream { get; set; }

    public bool IncludeUsage { get; set; }

    public bool IncludeObfuscation { get; set; } = true;

    public int? MaxTokens { get; set; }

    public string MaxTokensName { get; set; } = "max_tokens";

    public int Choices { get; set; } = 1;

    public List<byte[]>? Stop { get; set; }

    public bool HasPrompt { get; set; }

    public int Messages { get; set; }

    public int Images { get; set; }

    /// <summary>Tokens that a completion prompt gave as numbers.</summary>
    public int PromptTokenIds { get; set; }

    public bool LastIsTool { get; set; }

    public bool ParallelTools { get; set; } = true;

    public string? ReasoningEffort { get; set; }

    /// <summary>The raw JSON of these members, empty where absent. Parsed only when an answer needs them.</summary>
    public ReadOnlyMemory<byte> Tools { get; set; }

    public ReadOnlyMemory<byte> ToolChoice { get; set; }

    public ReadOnlyMemory<byte> ResponseFormat { get; set; }

    public PromptText Prompt { get; } = new();

    /// <summary>
    /// The counting rule, which tests and bills may repeat: one token for each 4 UTF-8 bytes of text, rounded up, as for the raw <c>tools</c>;
    /// 4 a message and 3 for the reply; 85 an image (OpenAI's low detail); token ids as they are.
    /// </summary>
    public int PromptTokens => Quarter(Prompt.Length) + Quarter(Tools.Length) + (85 * Images) + PromptTokenIds + (Chat ? (4 * Messages) + 3 : 0);

    public void Dispose() => Prompt.Dispose();

    private static int Quarter(int bytes) => (bytes + 3) / 4;
}

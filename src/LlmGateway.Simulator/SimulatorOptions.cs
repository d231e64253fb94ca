namespace LlmGateway.Simulator;

/// <summary>Everything about a simulator that can be set. Immutable: change a running one through <see cref="SimulatorHost.Options"/>.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Addresses to listen on, <c>http</c> only; port 0 picks a free one. Default <c>http://127.0.0.1:0</c>. Read at start only.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:0"];

    /// <summary>Speak HTTP/2 without TLS (prior knowledge) instead of HTTP/1.1. Default off. Read at start only.</summary>
    public bool ListenHttp2 { get; init; }

    /// <summary>Keys that are accepted, as <c>Authorization: Bearer</c> or <c>api-key</c>. Empty (the default) accepts any key, and none.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>Answer 401 where no key is sent, even though any key would do. Default off.</summary>
    public bool RequireKey { get; init; }

    /// <summary>Time from the request to the first token. Default 0; at most one hour.</summary>
    public TimeSpan FirstTokenDelay { get; init; }

    /// <summary>Time between two tokens. Default 0; at most one hour.</summary>
    public TimeSpan TokenDelay { get; init; }

    /// <summary>How far each delay may stray from its value, as a share of it: 0 (the default) to 1. Seeded, so the same request strays alike.</summary>
    public double Jitter { get; init; }

    /// <summary>Tokens of an answer whose request sets no lower limit. Default 64; 1 to 1,000,000.</summary>
    public int OutputTokens { get; init; } = 64;

    /// <summary>Requests a minute for each key; 0 (the default) is unlimited.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>Tokens a minute for each key, prompt plus the most the answer may take; 0 (the default) is unlimited.</summary>
    public int TokensPerMinute { get; init; }

    /// <summary>The models served. Default <see cref="SimulatorModel.Defaults"/>.</summary>
    public IReadOnlyList<SimulatorModel> Models { get; init; } = SimulatorModel.Defaults;

    /// <summary>Serve any model name, as a chat model and as an embedding model of 1,536 dimensions. Default off: 404 <c>model_not_found</c>.</summary>
    public bool AnyModel { get; init; }

    /// <summary>Report prompt prefixes seen before as <c>cached_tokens</c>: from 1,024 tokens on, in steps of 128. Default on.</summary>
    public bool PromptCache { get; init; } = true;

    /// <summary>Show the reasoning of a reasoning model as <c>reasoning_content</c>. Default off, as at OpenAI.</summary>
    public bool ReasoningContent { get; init; }

    /// <summary>Add the <c>obfuscation</c> member to chunks unless the request declines it. Default off, to keep frames small.</summary>
    public bool Obfuscation { get; init; }

    /// <summary>Seed of texts, jitter and the chance of fault rules. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Requests that the log remembers; 0 turns it off. Default 256; at most 1,000,000.</summary>
    public int RequestLogCapacity { get; init; } = 256;

    /// <summary>Bytes of each request body that the log keeps. Default 65,536.</summary>
    public int RequestLogBodyBytes { get; init; } = 65_536;

    /// <summary>What is wrong with these options, one line each; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }

        Check(Urls.Count > 0, "Urls: at least one address is needed");
        foreach (string url in Urls)
        {
            Check(url.StartsWith("http://", StringComparison.OrdinalIgnoreCase), $"Urls: '{url}' must start with http://");
        }

        Check(FirstTokenDelay >= TimeSpan.Zero && FirstTokenDelay <= TimeSpan.FromHours(1), "FirstTokenDelay: must be 0 to 1 hour");
        Check(TokenDelay >= TimeSpan.Zero && TokenDelay <= TimeSpan.FromHours(1), "TokenDelay: must be 0 to 1 hour");
        Check(Jitter is >= 0 and <= 1, "Jitter: must be 0 to 1");
        Check(OutputTokens is >= 1 and <= 1_000_000, "OutputTokens: must be 1 to 1,000,000");
        Check(RequestsPerMinute >= 0, "RequestsPerMinute: must not be negative");
        Check(TokensPerMinute >= 0, "TokensPerMinute: must not be negative");
        Check(RequestLogCapacity is >= 0 and <= 1_000_000, "RequestLogCapacity: must be 0 to 1,000,000");
        Check(RequestLogBodyBytes >= 0, "RequestLogBodyBytes: must not be negative");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (SimulatorModel model in Models)
        {
            Check(model.Id.Length > 0 && !model.Id.Contains('!'), $"Models: '{model.Id}' must not be empty or contain '!'");
            Check(names.Add(model.Id), $"Models: '{model.Id}' stands there twice");
            Check(model.ContextWindow > 0 && model.MaxOutputTokens > 0, $"Models: the limits of '{model.Id}' must be positive");
            Check(model.EmbeddingDimensions is >= 0 and <= 8_192, $"Models: the dimensions of '{model.Id}' must be 0 to 8,192");
            Check(model.ReasoningTokens >= 0, $"Models: the reasoning tokens of '{model.Id}' must not be negative");
        }

        return errors;
    }
}

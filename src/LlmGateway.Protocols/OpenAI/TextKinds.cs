namespace LlmGateway.Protocols.OpenAI;

/// <summary>Which kinds of generated content a chunk carries, for whoever must remember what has been delivered.</summary>
[Flags]
public enum TextKinds
{
    /// <summary>Nothing that a user would miss, but for a finish reason.</summary>
    None = 0,

    /// <summary>The answer, as a string: <c>delta.content</c>, or <c>text</c> of legacy completions.</summary>
    Content = 1,

    /// <summary>The train of thought, as a string.</summary>
    Reasoning = 2,

    /// <summary>Calls of tools: ids, names, arguments.</summary>
    ToolCall = 4,

    /// <summary>Anything else that a user would miss: a refusal, content in parts, audio, a legacy function call.</summary>
    Other = 8,
}

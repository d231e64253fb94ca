namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>What decides whether an answer may be kept.</summary>
public readonly record struct AnswerSummary
{
    /// <summary>How many choices there are.</summary>
    public int Choices { get; init; }

    /// <summary>Legacy completions: the choices hold <c>text</c> in the place of a message.</summary>
    public bool IsCompletion { get; init; }

    /// <summary>Every choice has a finish reason.</summary>
    public bool AllEnded { get; init; }

    /// <summary>The finish reasons of all choices, a bit for each value of <see cref="FinishReason"/>; ask <see cref="EndedBy"/>.</summary>
    public int FinishReasons { get; init; }

    /// <summary>Some choice calls a tool or a function.</summary>
    public bool HasToolCalls { get; init; }

    /// <summary>Some choice is a refusal.</summary>
    public bool HasRefusal { get; init; }

    /// <summary>The provider told the usage.</summary>
    public bool HasUsage { get; init; }

    /// <summary>Some choice has a non-zero <c>flag</c>, by which Qianfan marks unsafe content.</summary>
    public bool IsFlagged { get; init; }

    /// <summary>How long the answer itself is (content or text, without reasoning and tool calls), in bytes of JSON.</summary>
    public int TextBytes { get; init; }

    /// <summary>Whether some choice ended for that reason.</summary>
    public bool EndedBy(FinishReason reason) => (FinishReasons & (1 << (int)reason)) != 0;
}

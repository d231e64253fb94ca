namespace LlmGateway.Simulator.Answers;

/// <summary>One choice: hidden or shown reasoning, then a text or tool calls. Streamed, each step is one event.</summary>
internal sealed class Answer : IDisposable
{
    public required TokenText Text { get; init; }

    public TokenText? ShownReasoning { get; init; }

    public int ReasoningTokens { get; init; }

    public List<ToolCall>? Calls { get; init; }

    public required string FinishReason { get; set; }

    public int Tokens
    {
        get
        {
            int tokens = ReasoningTokens + Text.Count;
            foreach (ToolCall call in Calls ?? [])
            {
                tokens += call.Tokens;
            }

            return tokens;
        }
    }

    /// <summary>Events between the one with the role and the one with the finish reason.</summary>
    public int Steps => Tokens - ReasoningTokens + (ShownReasoning?.Count ?? 0);

    public void Dispose()
    {
        Text.Dispose();
        ShownReasoning?.Dispose();
        foreach (ToolCall call in Calls ?? [])
        {
            call.Arguments.Dispose();
        }
    }
}

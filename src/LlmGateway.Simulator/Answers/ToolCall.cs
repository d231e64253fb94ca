namespace LlmGateway.Simulator.Answers;

/// <summary>A call of a function. Its name counts as one token; streamed, it is the first event of the call.</summary>
internal sealed record ToolCall(string Id, string Name, TokenText Arguments)
{
    public int Tokens => 1 + Arguments.Count;
}

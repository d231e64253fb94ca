namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Takes what an answer says, piece by piece; no piece is kept beyond the call.</summary>
internal interface IAnswerSink
{
    void Thinking(ReadOnlySpan<byte> text);

    void Text(ReadOnlySpan<byte> text);

    void Tool(ToolFragment fragment);
}

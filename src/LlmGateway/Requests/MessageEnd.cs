namespace LlmGateway.Requests;

/// <summary>Where a message of a chat ends, and how much a model would have read of the chat by then.</summary>
/// <param name="At">Just behind its closing brace.</param>
/// <param name="Tokens">Estimate of all messages up to it, without the tools.</param>
internal readonly record struct MessageEnd(int At, int Tokens)
{
    /// <summary>Most that are kept of one chat.</summary>
    public const int Most = 16;
}

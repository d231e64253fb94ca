namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>How many bytes an answer that is being put together may still take.</summary>
internal sealed class ByteBudget(int bytes)
{
    private long _left = bytes;

    /// <summary>More has been taken than there was.</summary>
    public bool IsOverdrawn => _left < 0;

    public int Left => (int)Math.Max(0, _left);

    public void Take(int count) => _left -= count;
}

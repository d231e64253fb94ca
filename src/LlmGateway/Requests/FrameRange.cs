namespace LlmGateway.Requests;

/// <summary>A range of canonical bytes; empty for what is not there.</summary>
internal readonly record struct FrameRange(int Start, int Length)
{
    public bool Exists => Length > 0;

    public int End => Start + Length;
}

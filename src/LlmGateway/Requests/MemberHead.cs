namespace LlmGateway.Requests;

/// <summary>A member whose name is written and whose value is to follow.</summary>
/// <param name="Start">Where the frame of its name begins.</param>
/// <param name="ValueStart">Where the frame of its value begins.</param>
internal readonly record struct MemberHead(int Start, int ValueStart)
{
    private int NameLength => ValueStart - Start - FrameBuffer.TextHead;

    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> frames) => frames.Slice(Start + FrameBuffer.TextHead, NameLength);

    /// <summary>The whole member, its value written up to <paramref name="end"/>.</summary>
    public MemberFrame To(int end, bool isDefault) => new(Start, NameLength, end, isDefault);
}

namespace LlmGateway.Requests;

/// <summary>Where a member stands in the canonical bytes: its name's frame, then its value's.</summary>
/// <param name="IsDefault">It says what is so without it, so it may go, unless the same name is there again.</param>
internal readonly record struct MemberFrame(int Start, int NameLength, int End, bool IsDefault)
{
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> frames) => frames.Slice(Start + FrameBuffer.TextHead, NameLength);
}

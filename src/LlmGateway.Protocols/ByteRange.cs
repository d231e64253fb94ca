namespace LlmGateway.Protocols;

/// <summary>A stretch of bytes inside a buffer that somebody else owns. The default is "not there".</summary>
/// <param name="Offset">Index of the first byte.</param>
/// <param name="Length">Number of bytes; 0 when there is nothing.</param>
public readonly record struct ByteRange(int Offset, int Length)
{
    /// <summary>Index of the first byte after the range.</summary>
    public int End => Offset + Length;

    /// <summary>Whether there is nothing in the range.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The bytes of the range in the buffer that it was measured in.</summary>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> buffer) => buffer.Slice(Offset, Length);

    /// <summary>The bytes of the range in the buffer that it was measured in, to be changed in place.</summary>
    public Span<byte> In(Span<byte> buffer) => buffer.Slice(Offset, Length);
}

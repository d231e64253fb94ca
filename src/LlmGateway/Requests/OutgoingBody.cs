namespace LlmGateway.Requests;

/// <summary>
/// What an attempt sends: slices of the original body with small replacements between them. The original is not copied, and another
/// attempt makes its own.
/// </summary>
/// <param name="owner">Whose memory the slices are; null for bytes that nobody takes back.</param>
/// <param name="segments">In order; none is empty.</param>
internal sealed class OutgoingBody(RequestBuffer? owner, ReadOnlyMemory<byte>[] segments)
{
    /// <summary>Bytes in all: the <c>Content-Length</c>.</summary>
    public long Length { get; } = Sum(segments);

    public RequestBuffer? Owner => owner;

    public ReadOnlySpan<ReadOnlyMemory<byte>> Segments => segments;

    /// <summary>A connection has begun to take the bytes: the provider may have seen the request.</summary>
    public bool IsTaken { get; set; }

    /// <summary>A stream over the bytes from their beginning. Each call has its own position.</summary>
    public Stream OpenRead() => new OutgoingBodyStream(this);

    private static long Sum(ReadOnlyMemory<byte>[] segments)
    {
        long length = 0;
        foreach (var segment in segments)
        {
            length += segment.Length;
        }

        return length;
    }
}

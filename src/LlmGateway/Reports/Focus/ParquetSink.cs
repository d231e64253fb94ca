namespace LlmGateway.Reports.Focus;

/// <summary>
/// What Parquet writes to: it wants to know how far it is, which an answer on its way cannot say, and writes without awaiting, which the server
/// forbids. So bytes wait here until they are passed on, a column of a group at a time.
/// </summary>
internal sealed class ParquetSink(Stream output) : Stream
{
    private readonly MemoryStream _waiting = new();
    private long _passedOn;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Position;

    public override long Position
    {
        get => _passedOn + _waiting.Length;
        set => throw new NotSupportedException();
    }

    public async Task PassOnAsync(CancellationToken cancellation)
    {
        await output.WriteAsync(_waiting.GetBuffer().AsMemory(0, (int)_waiting.Length), cancellation);
        _passedOn += _waiting.Length;
        _waiting.SetLength(0);
    }

    public override void Write(byte[] buffer, int offset, int count) => _waiting.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _waiting.Write(buffer);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

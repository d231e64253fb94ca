namespace LlmGateway.Tests.Streaming;

/// <summary>The body of a provider's answer: so many bytes a read, and at the end an end, a broken connection, or silence until it is cancelled.</summary>
internal sealed class ProviderBytes(byte[] bytes, int perRead = int.MaxValue, ProviderEnd end = ProviderEnd.Closes) : Stream
{
    private int _at;

    public ProviderBytes(string text, int perRead = int.MaxValue, ProviderEnd end = ProviderEnd.Closes)
        : this(Wire.Bytes(text), perRead, end)
    {
    }

    public bool IsDisposed { get; private set; }

    /// <summary>Called when all bytes have been read and more is asked for.</summary>
    public Action? Exhausted { get; init; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _at; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = Math.Min(Math.Min(buffer.Length, perRead), bytes.Length - _at);
        if (count > 0)
        {
            bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        switch (end)
        {
            case ProviderEnd.Breaks:
                throw new HttpIOException(HttpRequestError.ResponseEnded);
            case ProviderEnd.Stalls:
                var cancelled = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                await using (cancellationToken.Register(() => cancelled.TrySetCanceled(cancellationToken)))
                {
                    Exhausted?.Invoke();
                    return await cancelled.Task;
                }

            default:
                return 0;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}

internal enum ProviderEnd
{
    Closes,
    Breaks,
    Stalls,
}

namespace LlmGateway.Requests;

/// <summary>
/// Reads an <see cref="OutgoingBody"/>, forward only. Every read completes at once. When the exchange has ended, a read throws
/// <see cref="ObjectDisposedException"/> instead of giving bytes that already belong to another request.
/// </summary>
internal sealed class OutgoingBodyStream(OutgoingBody body) : Stream
{
    private int _segment;
    private int _offset;
    private bool _disposed;

    public override bool CanRead => !_disposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        body.IsTaken = true;
        if (body.Owner is null)
        {
            return Copy(buffer);
        }

        using (body.Owner.Hold())
        {
            return Copy(buffer);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        try
        {
            return new ValueTask<int>(Read(buffer.Span));
        }
        catch (ObjectDisposedException e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        base.Dispose(disposing);
    }

    private int Copy(Span<byte> buffer)
    {
        var copied = 0;
        var segments = body.Segments;
        while (_segment < segments.Length && copied < buffer.Length)
        {
            var source = segments[_segment].Span[_offset..];
            var count = Math.Min(source.Length, buffer.Length - copied);
            source[..count].CopyTo(buffer[copied..]);
            copied += count;
            _offset += count;
            if (count == source.Length)
            {
                _segment++;
                _offset = 0;
            }
        }

        return copied;
    }
}

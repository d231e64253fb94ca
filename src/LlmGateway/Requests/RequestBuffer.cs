using System.Buffers;

namespace LlmGateway.Requests;

/// <summary>
/// Owns the pooled bytes of one body. An upstream call may still be sending them when the client has gone and the exchange ends,
/// so whoever copies from them holds the buffer meanwhile, and finds it closed once the bytes went back to the pool.
/// </summary>
internal sealed class RequestBuffer(int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;

    /// <summary>What was received. The memory must not be used after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Received => new(Bytes, 0, _length);

    /// <summary>The bytes went back to the pool.</summary>
    public bool IsReturned => Volatile.Read(ref _bytes) is null;

    private byte[] Bytes => Volatile.Read(ref _bytes) ?? throw new ObjectDisposedException(nameof(RequestBuffer));

    /// <summary>Owns a copy of bytes.</summary>
    public static RequestBuffer Of(ReadOnlySpan<byte> bytes)
    {
        var buffer = new RequestBuffer(bytes.Length);
        bytes.CopyTo(buffer.Bytes);
        buffer.Advance(bytes.Length);
        return buffer;
    }

    /// <summary>Where the next bytes go; grows by doubling, up to <paramref name="limit"/> bytes in all, when it is full.</summary>
    public Memory<byte> GetSpace(int limit)
    {
        var bytes = Bytes;
        if (_length == bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, 2L * bytes.Length));
            bytes.AsSpan(0, _length).CopyTo(larger);
            _bytes = larger;
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        // The pool gives more than was asked for; no byte beyond the limit is to be read.
        return bytes.AsMemory(_length, Math.Min(bytes.Length, limit) - _length);
    }

    public void Advance(int count) => _length += count;

    /// <summary>Keeps the bytes from going back to the pool until the scope is disposed. Only for a copy: the end of the exchange waits.</summary>
    /// <exception cref="ObjectDisposedException">They went back already.</exception>
    public Lock.Scope Hold()
    {
        var scope = _gate.EnterScope();
        if (_bytes is null)
        {
            scope.Dispose();
            throw new ObjectDisposedException(nameof(RequestBuffer));
        }

        return scope;
    }

    public void Dispose()
    {
        byte[]? bytes;
        lock (_gate)
        {
            bytes = _bytes;
            _bytes = null;
        }

        if (bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

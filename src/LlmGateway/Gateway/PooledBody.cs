using System.Buffers;

namespace LlmGateway.Gateway;

/// <summary>Bytes in one rented array, given back once.</summary>
internal sealed class PooledBody : IDisposable
{
    private byte[] _array;

    public PooledBody(int capacity) => _array = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    /// <summary>Room for at least one more byte; twice the size where it was full.</summary>
    public Memory<byte> Free()
    {
        if (Length == _array.Length)
        {
            Grow();
        }

        return _array.AsMemory(Length);
    }

    public void Advance(int count) => Length += count;

    /// <summary>Puts other bytes in the place of some.</summary>
    public void Replace(int offset, int length, ReadOnlySpan<byte> with)
    {
        var growth = with.Length - length;
        while (Length + growth > _array.Length)
        {
            Grow();
        }

        _array.AsSpan(offset + length, Length - offset - length).CopyTo(_array.AsSpan(offset + with.Length));
        with.CopyTo(_array.AsSpan(offset));
        Length += growth;
    }

    public void Dispose()
    {
        var array = Interlocked.Exchange(ref _array, []);
        if (array.Length > 0)
        {
            Length = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(_array.Length * 2));
        _array.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}

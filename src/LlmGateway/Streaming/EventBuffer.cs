using System.Buffers;

namespace LlmGateway.Streaming;

/// <summary>
/// One rented array for both sides of a tap: events that may go to the client stand in front, raw bytes of the provider behind them. An event
/// that passes unchanged is not copied; one that shrinks moves left.
/// </summary>
internal sealed class EventBuffer : IDisposable
{
    /// <summary>Most events are smaller than 1 KB; 512 idle streams then hold 2 MB.</summary>
    private const int InitialSize = 4096;

    /// <summary>An event beyond this is not an event: images come as links or in the body of an answer that is not streamed.</summary>
    public const int MaxEvent = 16 * 1024 * 1024;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _readyStart;
    private int _readyEnd;
    private int _rawStart;
    private int _rawEnd;

    /// <summary>How large it may grow: one event, unless a whole stream is held back.</summary>
    public int Most { get; init; } = MaxEvent;

    /// <summary>Bytes that may go to the client.</summary>
    public int ReadyLength => _readyEnd - _readyStart;

    /// <summary>Bytes of the provider that are not yet understood.</summary>
    public Span<byte> Raw => _array.AsSpan(_rawStart, _rawEnd - _rawStart);

    /// <summary>Room for a read, or none when one event has grown past all bounds.</summary>
    public Memory<byte> Free()
    {
        if (ReadyLength == 0)
        {
            // The common case between two reads: nothing waits for the client, so the unfinished event, if any, moves to the front.
            _readyStart = _readyEnd = 0;
            Raw.CopyTo(_array);
            _rawEnd -= _rawStart;
            _rawStart = 0;
        }

        if (_rawEnd == _array.Length)
        {
            if (_array.Length >= Most)
            {
                return Memory<byte>.Empty;
            }

            Grow((int)Math.Min(2L * _array.Length, Array.MaxLength));
        }

        return _array.AsMemory(_rawEnd);
    }

    public void Filled(int count) => _rawEnd += count;

    /// <summary>The first bytes of the raw part may go to the client.</summary>
    public void Pass(int count)
    {
        if (_readyEnd != _rawStart)
        {
            _array.AsSpan(_rawStart, count).CopyTo(_array.AsSpan(_readyEnd));
        }

        _readyEnd += count;
        _rawStart += count;
    }

    /// <summary>The first bytes of the raw part go nowhere.</summary>
    public void Drop(int count) => _rawStart += count;

    /// <summary>Puts other bytes in the place of a part of the raw bytes.</summary>
    public void Replace(int offset, int length, ReadOnlySpan<byte> with)
    {
        var growth = with.Length - length;
        if (growth > 0 && _rawEnd + growth > _array.Length)
        {
            Grow(_rawEnd + growth);
        }

        var at = _rawStart + offset;
        _array.AsSpan(at + length, _rawEnd - at - length).CopyTo(_array.AsSpan(at + with.Length));
        with.CopyTo(_array.AsSpan(at));
        _rawEnd += growth;
    }

    /// <summary>Bytes of our own for the client, behind all that is ready; what was not understood of the provider's is given up.</summary>
    public void Finish(ReadOnlySpan<byte> bytes)
    {
        _rawStart = _rawEnd = _readyEnd;
        if (_readyEnd + bytes.Length > _array.Length)
        {
            Grow(_readyEnd + bytes.Length);
        }

        bytes.CopyTo(_array.AsSpan(_readyEnd));
        _readyEnd += bytes.Length;
        _rawStart = _rawEnd = _readyEnd;
    }

    public int Take(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, ReadyLength);
        _array.AsSpan(_readyStart, count).CopyTo(destination);
        _readyStart += count;
        return count;
    }

    public void Dispose()
    {
        var array = Interlocked.Exchange(ref _array, []);
        _readyStart = _readyEnd = _rawStart = _rawEnd = 0;
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _array.AsSpan(0, _rawEnd).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}

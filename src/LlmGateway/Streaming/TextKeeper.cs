using System.Buffers;

namespace LlmGateway.Streaming;

/// <summary>Keeps the text of an answer until the provider reports usage, for counting tokens where it never does. Bounded; beyond that only counted.</summary>
internal sealed class TextKeeper : IBufferWriter<byte>, IDisposable
{
    /// <summary>About 250,000 tokens; longer answers are extrapolated from these.</summary>
    private const int MaxKept = 1024 * 1024;

    private byte[] _array = [];
    private int _kept;

    /// <summary>All bytes of text seen, kept or not.</summary>
    public long Seen { get; private set; }

    public ReadOnlyMemory<byte> Kept => _array.AsMemory(0, _kept);

    /// <summary>All that was seen is kept.</summary>
    public bool IsWhole => Seen == _kept;

    /// <summary>Forgets what came after so many bytes had been seen.</summary>
    public void Rewind(long seen)
    {
        Seen = seen;
        _kept = (int)Math.Min(_kept, seen);
    }

    public void Advance(int count)
    {
        Seen += count;
        if (_kept + count <= MaxKept)
        {
            _kept += count;
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _kept + Math.Max(sizeHint, 1);
        if (needed > _array.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(256, _array.Length * 2)));
            _array.AsSpan(0, _kept).CopyTo(larger);
            Return();
            _array = larger;
        }

        return _array.AsMemory(_kept);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        _kept = 0;
        Return();
        _array = [];
    }

    private void Return()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }
    }
}

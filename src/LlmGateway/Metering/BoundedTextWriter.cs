using System.Buffers;

namespace LlmGateway.Metering;

/// <summary>Keeps the beginning of what is written and counts the rest, so that a request of 50 MB is not copied whole to be estimated.</summary>
internal sealed class BoundedTextWriter(int bound) : IBufferWriter<byte>, IDisposable
{
    private const int SmallestRent = 4 * 1024;

    private readonly ArrayBufferWriter<byte> _kept = new();
    private byte[] _scratch = [];

    /// <summary>All bytes written, kept or not.</summary>
    public long TotalBytes { get; private set; }

    public ReadOnlyMemory<byte> Kept => _kept.WrittenMemory;

    public void Advance(int count)
    {
        TotalBytes += count;
        _kept.Write(_scratch.AsSpan(0, Math.Min(count, bound - _kept.WrittenCount)));
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_scratch.Length < Math.Max(sizeHint, 1))
        {
            Dispose();
            _scratch = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, SmallestRent));
        }

        return _scratch;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        if (_scratch.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_scratch);
            _scratch = [];
        }
    }
}

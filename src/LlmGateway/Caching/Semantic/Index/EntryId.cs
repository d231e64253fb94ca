using System.Runtime.InteropServices;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>Names an entry of the semantic cache, on every node by the same 16 bytes.</summary>
internal readonly record struct EntryId(ulong First, ulong Second)
{
    public const int Size = 16;

    public static EntryId Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size
            ? MemoryMarshal.Read<EntryId>(bytes)
            : throw new ArgumentException($"The id of an entry has {Size} bytes, and not {bytes.Length}.", nameof(bytes));

    /// <param name="bytes">Room for <see cref="Size"/> of them.</param>
    public void Write(Span<byte> bytes) => MemoryMarshal.Write(bytes, in this);

    public byte[] ToArray() => MemoryMarshal.AsBytes(new ReadOnlySpan<EntryId>(in this)).ToArray();

    public static EntryId From(Guid id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Read(bytes);
    }
}

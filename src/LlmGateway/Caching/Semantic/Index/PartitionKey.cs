using System.Runtime.InteropServices;
using LlmGateway.Caching.Entries;

namespace LlmGateway.Caching.Semantic.Index;

/// <summary>Everything that two requests must share before their last turns may be compared, as a keyed hash of 32 bytes.</summary>
internal readonly record struct PartitionKey(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public const int Size = 32;

    public static PartitionKey Read(ReadOnlySpan<byte> hash) =>
        hash.Length == Size
            ? MemoryMarshal.Read<PartitionKey>(hash)
            : throw new ArgumentException($"A partition key has {Size} bytes, and not {hash.Length}.", nameof(hash));

    /// <summary>The key of a hash that answers are kept under in the same way.</summary>
    public static PartitionKey Of(CacheKey hash) => new(hash.A, hash.B, hash.C, hash.D);

    /// <summary>The bytes of it, the same on every node.</summary>
    public byte[] ToArray() => MemoryMarshal.AsBytes(new ReadOnlySpan<PartitionKey>(in this)).ToArray();

    /// <summary>It is a hash already: any part of it will do.</summary>
    public override int GetHashCode() => First.GetHashCode();
}

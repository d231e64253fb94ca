using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmGateway.Caching.Entries;

/// <summary>
/// What an answer is kept under: a keyed hash over everything that the answer depends on. Who sees keys, in Redis or in a dump, learns nothing of
/// prompts, and cannot try any, without the secret.
/// </summary>
internal readonly record struct CacheKey(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Bytes of the hash.</summary>
    public const int Length = 32;

    /// <summary>HMAC-SHA-256 of the canonical form.</summary>
    public static CacheKey Of(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> canonical)
    {
        Span<byte> hash = stackalloc byte[Length];
        HMACSHA256.HashData(secret, canonical, hash);
        return Read(hash);
    }

    /// <summary>The key of a finished hash.</summary>
    /// <param name="hash"><see cref="Length"/> bytes.</param>
    public static CacheKey Read(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]), BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));

    /// <summary>Writes the hash.</summary>
    /// <param name="hash"><see cref="Length"/> bytes.</param>
    public void Write(Span<byte> hash)
    {
        BinaryPrimitives.WriteUInt64BigEndian(hash, A);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(hash[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(hash[24..], D);
    }

    /// <summary>The bits are those of a hash: any of them serve.</summary>
    public override int GetHashCode() => (int)A;

    /// <summary>In hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[Length];
        Write(hash);
        return Convert.ToHexStringLower(hash);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmGateway.Gateway;

/// <summary>
/// UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, the rest by chance. <see cref="Guid.CreateVersion7()"/> asks the kernel for each,
/// which is one more system call a request; here one call fills many.
/// </summary>
internal static class OperationIds
{
    private const int RandomBytes = 10;
    private const int Ids = 256;

    [ThreadStatic]
    private static byte[]? Pool;

    [ThreadStatic]
    private static int Used;

    public static Guid Next(DateTimeOffset now)
    {
        var random = Pool ??= new byte[RandomBytes * Ids];
        if (Used is 0 or Ids)
        {
            RandomNumberGenerator.Fill(random);
            Used = 0;
        }

        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, now.ToUnixTimeMilliseconds() << 16);
        random.AsSpan(RandomBytes * Used++, RandomBytes).CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}

using System.Runtime.InteropServices;

namespace LlmGateway.Keys;

/// <summary>HMAC-SHA256 of a key's text, as a dictionary key. Uniform, so any 32 bits of it are a good hash code.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int Size = 32;

    public static KeyHash Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<KeyHash>(bytes);

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        MemoryMarshal.Write(bytes, in this);
        return bytes;
    }

    public override int GetHashCode() => (int)A;

    public override string ToString() => nameof(KeyHash);
}

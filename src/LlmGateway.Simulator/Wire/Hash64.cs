using System.Runtime.InteropServices;

namespace LlmGateway.Simulator.Wire;

/// <summary>A quick, stable 64-bit hash: same bytes, same figure, in every process. For seeds and cache keys, not against attackers.</summary>
internal static class Hash64
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed)
    {
        ulong hash = seed ^ (Prime * (ulong)(bytes.Length + 1));
        while (bytes.Length >= sizeof(ulong))
        {
            hash = ulong.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(bytes)) * Prime, 29);
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte tail in bytes)
        {
            hash = ulong.RotateLeft((hash ^ tail) * Prime, 29);
        }

        return Mix(hash);
    }

    /// <summary>The finishing step of SplitMix64: neighbours in, strangers out.</summary>
    public static ulong Mix(ulong value)
    {
        value += Prime;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

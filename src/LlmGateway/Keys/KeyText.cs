using System.Buffers;
using System.Security.Cryptography;

namespace LlmGateway.Keys;

/// <summary>How a key is written, and how much of it may be shown.</summary>
internal static class KeyText
{
    public const string Prefix = "sk-";

    /// <summary>Longest key that is looked at, in characters.</summary>
    public const int MaxLength = 512;

    // No '-' or '_': a double click selects the whole secret. 62^43 is just above 2^256.
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomLength = 43;

    private static readonly SearchValues<char> AlphabetValues = SearchValues.Create(Alphabet);

    // An echo of a shorter key would be a notable part of it.
    private const int ShortestEchoed = 20;

    /// <summary>A new secret: <c>sk-</c> and 256 bits of the system's generator.</summary>
    public static string Generate() => Prefix + RandomNumberGenerator.GetString(Alphabet, RandomLength);

    /// <summary>Whether it could be one of ours.</summary>
    public static bool LooksGenerated(ReadOnlySpan<char> key) =>
        key.Length == Prefix.Length + RandomLength && key.StartsWith(Prefix, StringComparison.Ordinal) && !key[Prefix.Length..].ContainsAnyExcept(AlphabetValues);

    /// <summary>A new secret for those who run the gateway, which no one takes for a virtual key.</summary>
    public static string GenerateAdminKey() => "admin-" + RandomNumberGenerator.GetString(Alphabet, RandomLength);

    /// <summary>A new id of a key: <c>key_</c> and 103 random bits.</summary>
    public static string GenerateId() => "key_" + RandomNumberGenerator.GetString("0123456789abcdefghijklmnopqrstuvwxyz", 20);

    /// <summary>What lists show of a generated key, so that people find theirs: seven of its 43 random characters, which leaves 214 bits.</summary>
    public static string Hint(string key) => $"{key[..6]}…{key[^4..]}";

    /// <summary>
    /// What an error shows of a key that was presented and is not known: it may be a key of another system, so far less than a hint.
    /// </summary>
    public static string Redact(ReadOnlySpan<char> key)
    {
        if (key.Length < ShortestEchoed || key.IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            return "***";
        }

        var start = key.StartsWith(Prefix, StringComparison.Ordinal) ? key[..5] : key[..2];
        return $"{start}***{key[^2..]}";
    }
}

using System.Security.Cryptography;
using System.Text;
using LlmGateway.Catalog;

namespace LlmGateway.Keys;

/// <summary>
/// Hashes keys with a secret that is not in the database, so that a stolen database neither authenticates nor tells which of two
/// guesses is right. All nodes and the command line that share a database must share the secret.
/// </summary>
internal sealed class KeyHasher
{
    public const string EnvironmentVariable = "LLMGATEWAY_KEY_HASH_SECRET";

    public const string FileName = "key-hash.secret";

    /// <summary>Characters of the secret's text, whose UTF-8 bytes are the HMAC key. A generated secret is 32 random bytes in hexadecimal.</summary>
    public const int MinimumSecretLength = 32;

    private readonly byte[] _secret;

    /// <summary>One a thread: the one-shot method sets the HMAC up anew for each key, which costs as much again as the hash.</summary>
    private readonly ThreadLocal<IncrementalHash> _hmac;

    public KeyHasher(Secret secret)
    {
        _secret = Encoding.UTF8.GetBytes(secret.Reveal());
        _hmac = new ThreadLocal<IncrementalHash>(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret));
    }

    /// <summary>With the secret of the environment, else of the data folder, where it is generated at first use.</summary>
    /// <exception cref="SecretUnusableException">The secret is too short, or its file can be neither read nor written.</exception>
    public static KeyHasher Load(string dataFolder, string? fromEnvironment) => new(LoadSecret(dataFolder, fromEnvironment));

    /// <summary>The secret itself.</summary>
    /// <exception cref="SecretUnusableException">It is too short, or its file can be neither read nor written.</exception>
    public static Secret LoadSecret(string dataFolder, string? fromEnvironment)
    {
        if (!string.IsNullOrEmpty(fromEnvironment))
        {
            return Checked(fromEnvironment.Trim(), EnvironmentVariable);
        }

        var path = Path.Combine(dataFolder, FileName);
        return Checked(SecretFile.ReadOrCreate(path, static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))), path);
    }

    /// <summary>The hash of a key's text. Allocates nothing. At most <see cref="KeyText.MaxLength"/> characters.</summary>
    public KeyHash Hash(ReadOnlySpan<char> key)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, KeyText.MaxLength);
        Span<byte> utf8 = stackalloc byte[KeyText.MaxLength * 3];
        Span<byte> hash = stackalloc byte[KeyHash.Size];
        var hmac = _hmac.Value!;
        hmac.AppendData(utf8[..Encoding.UTF8.GetBytes(key, utf8)]);
        hmac.GetHashAndReset(hash);
        return KeyHash.Read(hash);
    }

    /// <exception cref="SecretUnusableException">It is too short.</exception>
    public static Secret Checked(string text, string where) => text.Length >= MinimumSecretLength
        ? new Secret(text)
        : throw new SecretUnusableException($"{where}: the secret that keys are hashed with has {text.Length} characters: give it at least {MinimumSecretLength}.");
}

using System.Security.Cryptography;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Keys;

namespace LlmGateway.Admin;

/// <summary>The secret of those who run the gateway.</summary>
internal sealed class AdminKey
{
    public const string EnvironmentVariable = "LLMGATEWAY_ADMIN_KEY";

    public const string FileName = "admin.key";

    public const int MinimumLength = 16;

    private readonly byte[] _digest;

    public AdminKey(Secret key, string source = "")
    {
        _digest = SHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal()));
        Source = source;
    }

    /// <summary>Where an operator finds it: the environment variable, or the file.</summary>
    public string Source { get; }

    /// <summary>The key of the environment, else of the data folder, where it is generated at first start.</summary>
    /// <exception cref="SecretUnusableException">The key is too short, or its file can be neither read nor written.</exception>
    public static AdminKey Load(string dataFolder, string? fromEnvironment)
    {
        if (!string.IsNullOrEmpty(fromEnvironment))
        {
            return new AdminKey(Checked(fromEnvironment.Trim(), EnvironmentVariable), EnvironmentVariable);
        }

        var path = Path.Combine(dataFolder, FileName);
        return new AdminKey(Checked(SecretFile.ReadOrCreate(path, KeyText.GenerateAdminKey), path), path);
    }

    /// <summary>Compares digests, so that neither the place of the first difference nor the length shows in the time that it takes.</summary>
    public bool Matches(string presented)
    {
        if (presented.Length > KeyText.MaxLength)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), digest);
        return CryptographicOperations.FixedTimeEquals(digest, _digest);
    }

    private static Secret Checked(string text, string where) => text.Length is >= MinimumLength and <= KeyText.MaxLength
        ? new Secret(text)
        : throw new SecretUnusableException($"{where}: the admin key has {text.Length} characters: give it {MinimumLength} to {KeyText.MaxLength}.");
}

using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Catalog;

/// <summary>Who is told of what happens to budgets.</summary>
/// <param name="Secret">What deliveries are signed with.</param>
/// <param name="Events">Names and <c>*</c> globs.</param>
/// <param name="Tenants">Names and <c>*</c> globs.</param>
internal sealed record Webhook(Uri Url, Secret Secret, IReadOnlyList<string> Events, IReadOnlyList<string> Tenants)
{
    private const string KeyPrefix = "whsec_";

    /// <summary>Names it where the address itself, which may hold a secret, must not stand. The same for as long as the address is.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Url.AbsoluteUri)).AsSpan(0, 8));

    /// <summary>The bytes that a secret stands for: of <c>whsec_…</c> what its base64 says, as Standard Webhooks writes keys; of any other its UTF-8.</summary>
    /// <returns>Null for a <c>whsec_</c> that is followed by something else than base64.</returns>
    public static byte[]? KeyOf(Secret secret)
    {
        var text = secret.Reveal();
        if (!text.StartsWith(KeyPrefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text[KeyPrefix.Length..], key, out var length) ? key[..length] : null;
    }

    public bool Wants(string type, string tenant) => Matches(Events, type) && Matches(Tenants, tenant);

    // The address may hold a token of the receiver's.
    public override string ToString() => $"{nameof(Webhook)} {Url.Host}";

    private static bool Matches(IReadOnlyList<string> patterns, string name)
    {
        foreach (var pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }
}

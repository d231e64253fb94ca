using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Admin.State;

/// <summary>How names come about.</summary>
internal static class Words
{
    /// <summary>A word as the configuration spells it.</summary>
    public static string Of<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString());

    /// <summary>The id of something that is configured: the same for as long as it keeps its place and name.</summary>
    public static string IdOf(string kind, AllowanceScope scope, string name)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{scope.Tenant}\n{scope.Project}\n{scope.KeyId}\n{name}"));
        return "cfg_" + Convert.ToHexStringLower(digest.AsSpan(0, 8));
    }

    /// <summary>A new id of something that is stored.</summary>
    public static string NewId(string prefix) => prefix + RandomNumberGenerator.GetString("0123456789abcdefghijklmnopqrstuvwxyz", 20);
}

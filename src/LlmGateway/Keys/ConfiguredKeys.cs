using System.Security.Cryptography;
using System.Text;
using LlmGateway.Catalog;

namespace LlmGateway.Keys;

/// <summary>Keys written in the configuration, seen as virtual keys.</summary>
internal static class ConfiguredKeys
{
    public const string IdPrefix = "cfg_";

    public static VirtualKey ToVirtualKey(this ConfiguredKey key) => new()
    {
        Id = IdOf(key.Tenant, key.Project, key.Name),
        Name = key.Name,
        Tenant = key.Tenant,
        Project = key.Project,
        Routes = key.Routes,
        Tags = key.Tags,
        ExpiresAt = key.ExpiresAt,
        Enabled = key.Enabled,
    };

    /// <summary>The same for as long as the key keeps its place, whatever its secret: the ledger refers to it.</summary>
    public static string IdOf(string tenant, string project, string name)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{project}\n{name}"));
        return IdPrefix + Convert.ToHexStringLower(digest.AsSpan(0, 8));
    }
}

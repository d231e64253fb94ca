using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Catalog;

/// <summary>An application of a tenant.</summary>
internal sealed record Project(string Name, string Tenant)
{
    /// <summary>What all its keys together may use.</summary>
    public Allowance Allowance { get; init; } = Allowance.Unlimited;
}

/// <summary>Who pays.</summary>
/// <param name="Currency">The currency that the tenant is shown, when it has chosen one.</param>
/// <param name="Require">What a deployment must fulfil to take a request of it; null for nothing.</param>
internal sealed record Tenant(string Name, Currency? Currency, FrozenDictionary<string, Project> Projects, Requirements? Require = null)
{
    /// <summary>What all its projects together may use.</summary>
    public Allowance Allowance { get; init; } = Allowance.Unlimited;

    /// <summary>What holds for it while limits and budgets cannot be looked up.</summary>
    public DegradedRule Degraded { get; init; }

    /// <summary>
    /// Texts of its requests and answers to them may go to embedders and judges of the catalog, which are asked besides those that answer: the same
    /// provider may know the text anyway, and is not asked without it all the same.
    /// </summary>
    public bool SemanticConsent { get; init; }
}

/// <summary>A virtual key written in the configuration. The key itself is hashed by the room that checks keys, at load.</summary>
/// <param name="Name">Unique in its project.</param>
/// <param name="Key">The secret that callers send; empty when its <c>${env:…}</c> is not set, and then the key is not usable.</param>
/// <param name="Routes">Names and <c>*</c> globs; empty is every route.</param>
/// <param name="Demo">A key that everybody knows: allowed only on loopback addresses.</param>
internal sealed record ConfiguredKey(
    string Tenant,
    string Project,
    string Name,
    Secret Key,
    IReadOnlyList<string> Routes,
    FrozenDictionary<string, string> Tags,
    DateTimeOffset? ExpiresAt,
    bool Enabled,
    bool Demo)
{
    private const string IdPrefix = "cfg_";

    /// <summary>The same for as long as the key keeps its place, whatever its secret: the ledger refers to it.</summary>
    public string Id { get; } = IdOf(Tenant, Project, Name);

    /// <summary>What the key may use.</summary>
    public Allowance Allowance { get; init; } = Allowance.Unlimited;

    /// <summary>The id of a configured key of that name.</summary>
    public static string IdOf(string tenant, string project, string name)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{project}\n{name}"));
        return IdPrefix + Convert.ToHexStringLower(digest.AsSpan(0, 8));
    }
}

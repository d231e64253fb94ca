using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>An application of a tenant.</summary>
internal sealed record Project(string Name, string Tenant);

/// <summary>Who pays.</summary>
/// <param name="Currency">The currency that the tenant is shown, when it has chosen one.</param>
/// <param name="Require">What a deployment must fulfil to take a request of it; null for nothing.</param>
internal sealed record Tenant(string Name, Currency? Currency, FrozenDictionary<string, Project> Projects, Requirements? Require = null);

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
    bool Demo);

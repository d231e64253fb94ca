using System.Collections.Frozen;

namespace LlmGateway.Keys;

/// <summary>A caller's key, without its secret.</summary>
internal sealed record VirtualKey
{
    /// <summary>Stable and safe to show (<c>key_…</c>; for a key of the configuration derived from tenant, project and name). The ledger's <c>key_id</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Tenant { get; init; }

    public required string Project { get; init; }

    /// <summary>Names and <c>*</c> globs of the routes it may use; empty is every route.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Tags that every row of this key carries, unless the request says otherwise.</summary>
    public FrozenDictionary<string, string> Tags { get; init; } = FrozenDictionary<string, string>.Empty;

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Whether the key may use the route or deployment of that name.</summary>
    public bool Allows(string name)
    {
        if (Routes.Count == 0)
        {
            return true;
        }

        foreach (var pattern in Routes)
        {
            if (System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }
}

using LlmGateway.Configuration;

namespace LlmGateway.Keys;

/// <param name="Member">The setting to mend, in the API's spelling; the command line has an option of that name.</param>
internal sealed record KeyProblem(string Member, string Message);

/// <summary>What a key that is made or changed at run time must keep to, over the API as on the command line.</summary>
internal static class KeyRules
{
    public const int MaxRoutes = 100;
    public const int MaxTags = 32;
    public const int MaxText = 200;
    public static readonly TimeSpan MaxGrace = TimeSpan.FromDays(30);

    /// <summary>A new key must belong to somebody; one that lost its project since may still be changed.</summary>
    public static KeyProblem? CheckOwner(VirtualKey key, Snapshot snapshot)
    {
        if (!snapshot.Tenants.TryGetValue(key.Tenant, out var tenant))
        {
            return new("tenant", $"There is no tenant '{key.Tenant}'.{Nearest.Hint(key.Tenant, snapshot.Tenants.Keys)}");
        }

        return tenant.Projects.ContainsKey(key.Project)
            ? null
            : new("project", $"Tenant '{key.Tenant}' has no project '{key.Project}'.{Nearest.Hint(key.Project, tenant.Projects.Keys)}");
    }

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public static KeyProblem? Check(VirtualKey key, Snapshot snapshot)
    {
        if (!IsText(key.Name))
        {
            return new("name", $"A name has 1 to {MaxText} characters, none of them a control character.");
        }

        if (snapshot.Keys.Any(configured => (configured.Tenant, configured.Project, configured.Name) == (key.Tenant, key.Project, key.Name)))
        {
            return new("name", $"The configuration has a key '{key.Name}' in this project. Choose another name.");
        }

        if (key.Routes.Count > MaxRoutes || !key.Routes.All(IsText))
        {
            return new("routes", $"At most {MaxRoutes} names or '*' globs, each of 1 to {MaxText} characters.");
        }

        return key.Tags.Count > MaxTags || !key.Tags.All(tag => IsText(tag.Key) && (tag.Value.Length == 0 || IsText(tag.Value)))
            ? new("tags", $"At most {MaxTags} tags, names and values of at most {MaxText} characters.")
            : null;
    }

    public static KeyProblem? CheckExpiry(DateTimeOffset? expires, DateTimeOffset now) =>
        expires <= now ? new("expires_at", "The expiry is not in the future. To end a key now, revoke it.") : null;

    public static KeyProblem? CheckGrace(TimeSpan grace) =>
        grace > MaxGrace ? new("grace", $"The grace period is at most {MaxGrace.Days} days.") : null;

    private static bool IsText(string text) => text.Length is > 0 and <= MaxText && !text.Any(char.IsControl);
}

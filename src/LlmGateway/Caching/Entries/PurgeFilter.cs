using System.Text.Json;

namespace LlmGateway.Caching.Entries;

/// <summary>Which entries a purge means: those that have all that is named. Nothing named is every entry.</summary>
/// <param name="Tag">As <c>x-gateway-tags</c> has it: <c>team=a</c>.</param>
/// <param name="Key">The id of the virtual key whose request was answered first.</param>
internal sealed record PurgeFilter(string? Tenant = null, string? Route = null, string? Tag = null, string? Key = null)
{
    public static readonly PurgeFilter Everything = new();

    public bool Matches(CacheEntry entry) =>
        (Tenant is null || Tenant == entry.Tenant) && (Route is null || Route == entry.Route) && (Key is null || Key == entry.KeyId) &&
        (Tag is null || Array.IndexOf(entry.Tags, Tag) >= 0);

    /// <summary>Whether it means all that the other means.</summary>
    public bool Covers(PurgeFilter other) =>
        (Tenant is null || Tenant == other.Tenant) && (Route is null || Route == other.Route) && (Key is null || Key == other.Key) && (Tag is null || Tag == other.Tag);

    /// <summary>A text that is the same for equal filters.</summary>
    public string Write() => JsonSerializer.Serialize<string?[]>([Tenant, Route, Tag, Key]);

    /// <summary>Reads what <see cref="Write"/> wrote. What it does not know, of a later version perhaps, may mean anything: it is everything.</summary>
    public static PurgeFilter Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<string?[]>(text) is [var tenant, var route, var tag, var key] ? new(tenant, route, tag, key) : Everything;
        }
        catch (JsonException)
        {
            return Everything;
        }
    }
}

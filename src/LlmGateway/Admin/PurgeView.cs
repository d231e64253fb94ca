using LlmGateway.Caching.Entries;

namespace LlmGateway.Admin;

/// <summary>What was forgotten, and by whom.</summary>
/// <param name="Reach"><c>this_node</c>, <c>everywhere</c>, or <c>pending</c> while Redis is away.</param>
internal sealed record PurgeView(string? Tenant, string? Route, string? Tag, string? Key, string Reach)
{
    public static PurgeView Of(PurgeFilter filter, PurgeReach reach) => new(filter.Tenant, filter.Route, filter.Tag, filter.Key, reach switch
    {
        PurgeReach.ThisNode => "this_node",
        PurgeReach.Everywhere => "everywhere",
        _ => "pending",
    });
}

using LlmGateway.Catalog;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin.State;

/// <summary>Limits as the admin API shows them; null is no limit.</summary>
/// <param name="Route">Null for all requests.</param>
internal sealed record LimitView(
    string Id, string Source, string Tenant, string? Project, string? KeyId, string? Route,
    long? RequestsPerMinute, long? TokensPerMinute, long? InputTokensPerMinute, long? OutputTokensPerMinute, int? Concurrent, long? RequestsPerDay, long? TokensPerDay,
    bool InForce, DateTime? CreatedAt, DateTime? UpdatedAt)
    : StateView(Id, Source, InForce, CreatedAt, UpdatedAt)
{
    public override AllowanceScope Owner() => new(Tenant, Project, KeyId);

    public static LimitView Of(AllowanceScope scope, string? route, CallerLimits limits) => new(
        Words.IdOf(StateKind.Limit, scope, route ?? ""), Configuration, scope.Tenant, scope.Project, scope.KeyId, route,
        limits.RequestsPerMinute, limits.TokensPerMinute, limits.InputTokensPerMinute, limits.OutputTokensPerMinute,
        limits.Concurrent, limits.RequestsPerDay, limits.TokensPerDay, InForce: true, null, null);

    public static LimitView Of(StoredLimits stored, bool inForce) => Of(stored.Scope, stored.Route, stored.Limits) with
    {
        Id = stored.Mark.Id,
        Source = Admin,
        InForce = inForce,
        CreatedAt = stored.Mark.CreatedAt.UtcDateTime,
        UpdatedAt = stored.Mark.UpdatedAt.UtcDateTime,
        Sequence = stored.Mark.Sequence,
    };
}

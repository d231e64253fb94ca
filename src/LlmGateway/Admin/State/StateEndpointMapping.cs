using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin.State;

internal static class StateEndpointMapping
{
    /// <summary>Maps tenants, projects, budgets and limits below the admin API, which checks the admin key.</summary>
    public static void MapState(this IEndpointRouteBuilder admin)
    {
        Map(admin, admin.ServiceProvider.GetRequiredService<TenantEndpoints>());
        Map(admin, admin.ServiceProvider.GetRequiredService<ProjectEndpoints>());
        Map(admin, admin.ServiceProvider.GetRequiredService<BudgetEndpoints>());
        Map(admin, admin.ServiceProvider.GetRequiredService<LimitEndpoints>());
    }

    private static void Map<T>(IEndpointRouteBuilder admin, StateEndpoints<T> endpoints)
        where T : StateView
    {
        admin.MapGet(endpoints.Path, endpoints.ListAsync);
        admin.MapPost(endpoints.Path, endpoints.CreateAsync);
        admin.MapGet($"{endpoints.Path}/{{id}}", (HttpContext http, string id) => endpoints.GetAsync(http, id));
        admin.MapPatch($"{endpoints.Path}/{{id}}", (HttpContext http, string id) => endpoints.UpdateAsync(http, id));
        admin.MapDelete($"{endpoints.Path}/{{id}}", (HttpContext http, string id) => endpoints.DeleteAsync(http, id));
    }
}

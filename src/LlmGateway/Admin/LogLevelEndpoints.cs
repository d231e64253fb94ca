using LlmGateway.Configuration.Model;
using LlmGateway.Keys.Stores;
using LlmGateway.Telemetry;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>GET</c> and <c>PUT /admin/v1/log-level</c>: what this node logs, until it is started anew.</summary>
internal static class LogLevelEndpoints
{
    public static void MapLogLevelEndpoints(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("log-level", (RequestDelegate)GetAsync);
        admin.MapPut("log-level", (RequestDelegate)PutAsync);
    }

    private static Task GetAsync(HttpContext http) =>
        AdminResponse.WriteAsync(http, 200, LogLevelView.Of(http.RequestServices.GetRequiredService<LogLevels>()), AdminJson.Default.LogLevelView);

    private static async Task PutAsync(HttpContext http)
    {
        var body = await AdminBody.ReadAsync(http, optional: false, "level", "category");
        var category = body.Text("category");
        var level = body.Nullable("level", body.RequiredText);
        if (category is { Length: 0 })
        {
            body.Fail("category", "'category' is empty. Leave it out to set the level of all.");
        }
        else if (category is null && level is null)
        {
            body.Fail("level", "'level' can be null only with a category, which then has none of its own any more.");
        }

        if (level is not null && !(Enum.TryParse<LogVerbosity>(level, ignoreCase: true, out _) && char.IsAsciiLetter(level.FirstOrDefault())))
        {
            body.Fail("level", $"'level' must be one of {string.Join(", ", Enum.GetNames<LogVerbosity>()).ToLowerInvariant()}.");
        }

        if (body.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        var services = http.RequestServices;
        services.GetRequiredService<StoreWriter>().Audit("admin", "log_level.set", category ?? "*");
        var levels = services.GetRequiredService<LogLevels>();
        levels.Set(category, level is null ? null : (LogLevel)Enum.Parse<LogVerbosity>(level, ignoreCase: true));
        await GetAsync(http);
    }
}

using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Telemetry;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Health;

/// <summary>Something that must be well before the gateway can serve.</summary>
internal interface IReadiness
{
    /// <summary>What the answer of <c>/readyz</c> calls it.</summary>
    string Name { get; }

    /// <summary>What is wrong and what to do; null while it is well.</summary>
    string? Problem { get; }
}

/// <summary>At least one route has a deployment that can be called.</summary>
internal sealed class RouteReadiness(ISnapshotSource snapshots) : IReadiness
{
    public string Name => "routes";

    public string? Problem =>
        snapshots.Current.Routes.Values.Any(static route => route.Targets.Any(static target => target.Deployment.Unusable is null))
            ? null
            : $"no route has a deployment that can be called ({Reasons(snapshots.Current)}); set a credential in the environment or in config/providers.yaml";

    private static string Reasons(Snapshot snapshot) => string.Join(
        "; ", snapshot.Routes.Values.SelectMany(static route => route.Targets).Select(static target => target.Deployment.Unusable).Distinct().Order().Take(5));
}

/// <summary><c>/healthz</c>: the process is alive. <c>/readyz</c>: it can serve.</summary>
internal static class HealthEndpoints
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<IReadiness, RouteReadiness>();
        services.AddMetrics();
        services.TryAddSingleton<IDeploymentStates, DeploymentStates>();
        services.TryAddSingleton<HealthMetrics>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAttemptObserver, HealthObserver>());
        return services;
    }

    /// <summary>
    /// <c>/readyz</c> answers 200 or 503 with <c>{"status":"ready"|"not ready"|"stopping","checks":{"name":"ok"|what is wrong},"dependencies":{"name":"ok"|what
    /// is wrong}}</c>. A dependency that is down takes no node out of a balancer: all nodes would go at once, and each can serve without.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        // Nothing else asks for it, and its gauges are to show before the first request.
        app.ServiceProvider.GetRequiredService<HealthMetrics>();
        app.MapGet("/healthz", static (HttpContext http) =>
        {
            http.Response.ContentType = "text/plain";
            return http.Response.WriteAsync("ok\n");
        });
        app.MapGet("/readyz", static (HttpContext http) => WriteReadinessAsync(http));
    }

    private static async Task WriteReadinessAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var drain = http.RequestServices.GetRequiredService<Drain>();
        drain.Tell(http);
        var ready = Write(http.RequestServices, body);
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), http.RequestAborted);
    }

    /// <summary>Writes what <c>/readyz</c> says.</summary>
    /// <returns>Whether the gateway can serve.</returns>
    public static bool Write(IServiceProvider services, Stream output)
    {
        var checks = services.GetServices<IReadiness>().Select(static check => (check.Name, check.Problem)).ToList();
        var drain = services.GetRequiredService<Drain>();
        var ready = !drain.IsStopping && checks.TrueForAll(static check => check.Problem is null);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("status", ready ? "ready" : drain.IsStopping ? "stopping" : "not ready");
        json.WriteStartObject("checks");
        foreach (var (name, problem) in checks)
        {
            json.WriteString(name, problem ?? "ok");
        }

        json.WriteEndObject();
        json.WriteStartObject("dependencies");
        foreach (var dependency in services.GetRequiredService<DependencyStates>().All)
        {
            json.WriteString(dependency.Name, dependency.Up ? "ok" : dependency.Why ?? "down");
        }

        json.WriteEndObject();
        json.WriteEndObject();
        return ready;
    }
}

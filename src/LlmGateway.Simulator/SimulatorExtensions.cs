using LlmGateway.Simulator.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Simulator;

/// <summary>Puts a simulator into an application that exists already; <see cref="SimulatorHost"/> gives it a host of its own.</summary>
public static class SimulatorExtensions
{
    private const string PathValue = "simulatorPath";

    /// <summary>Registers the simulator. Time is taken from a registered <see cref="TimeProvider"/>, if there is one.</summary>
    /// <exception cref="ArgumentException">The options are unusable; every error is in the message. Thrown when the simulator is first asked for.</exception>
    public static IServiceCollection AddSimulator(this IServiceCollection services, SimulatorOptions? options = null)
    {
        services.TryAddSingleton(provider =>
            new SimulatorEngine(options ?? new SimulatorOptions(), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        return services;
    }

    /// <summary>Maps the simulator below a prefix: <c>/sim</c> makes <c>/sim/v1</c> the base URL. It takes every path there.</summary>
    public static IEndpointConventionBuilder MapSimulator(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        SimulatorEngine engine = endpoints.ServiceProvider.GetRequiredService<SimulatorEngine>();
        return endpoints.Map(
            $"{prefix.TrimEnd('/')}/{{**{PathValue}}}",
            http => engine.HandleAsync(http, "/" + (http.Request.RouteValues[PathValue] as string)));
    }
}

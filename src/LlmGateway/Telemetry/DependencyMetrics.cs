using System.Diagnostics.Metrics;

namespace LlmGateway.Telemetry;

/// <summary>Shows <see cref="DependencyStates"/>.</summary>
internal sealed class DependencyMetrics
{
    public DependencyMetrics(IMeterFactory factory, DependencyStates states) =>
        factory.Create(GatewayMeter.Name).CreateObservableGauge(
            "dependency_up",
            () => states.All.Select(static state => new Measurement<int>(state.Up ? 1 : 0, new KeyValuePair<string, object?>("dependency", state.Name))),
            description: "Whether what the gateway uses answers it: 1 yes, 0 no.");
}

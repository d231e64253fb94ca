using System.Collections.Concurrent;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Health;

/// <summary>The states of all deployments, by name.</summary>
internal sealed class DeploymentStates(TimeProvider? time = null, ILogger<DeploymentStates>? logger = null) : IDeploymentStates
{
    private readonly ConcurrentDictionary<string, DeploymentState> _deployments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProviderState> _providers = new(StringComparer.Ordinal);

    public DeploymentState Of(Deployment deployment) =>
        _deployments.TryGetValue(deployment.Name, out var state) ? state : Add(deployment);

    private DeploymentState Add(Deployment deployment)
    {
        var provider = _providers.GetOrAdd(deployment.Provider.Name, name => new ProviderState(name, time, logger));
        return _deployments.GetOrAdd(deployment.Name, name => new DeploymentState(name, provider, time, logger));
    }
}

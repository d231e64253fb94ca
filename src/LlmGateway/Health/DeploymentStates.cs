using System.Collections.Concurrent;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Health;

/// <summary>The states of all deployments, by name.</summary>
internal sealed class DeploymentStates : IDeploymentStates
{
    private readonly ConcurrentDictionary<string, DeploymentState> _deployments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProviderState> _providers = new(StringComparer.Ordinal);

    public DeploymentState Of(Deployment deployment) => _deployments.GetOrAdd(
        deployment.Name,
        static (name, it) => new DeploymentState(name, it.States._providers.GetOrAdd(it.Provider, static provider => new ProviderState(provider))),
        (States: this, Provider: deployment.Provider.Name));
}

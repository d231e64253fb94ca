using LlmGateway.Catalog;
using LlmGateway.Health;

namespace LlmGateway.Gateway;

/// <summary>Finds what is known of a deployment's health. The state outlives Snapshots: a reload forgets nothing.</summary>
internal interface IDeploymentStates
{
    /// <summary>The one state of the deployment of that name.</summary>
    DeploymentState Of(Deployment deployment);
}

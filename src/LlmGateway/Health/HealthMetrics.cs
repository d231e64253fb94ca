using System.Diagnostics.Metrics;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Telemetry;

namespace LlmGateway.Health;

/// <summary>
/// State of deployments, and credentials that work or went out, of the Snapshot in force. All of it is read when it is asked for: an attempt
/// pays nothing, and a deployment that nobody has called yet shows too.
/// </summary>
internal sealed class HealthMetrics
{
    private readonly ISnapshotSource _snapshots;
    private readonly IDeploymentStates _states;
    private readonly TimeProvider _time;

    public HealthMetrics(IMeterFactory meters, ISnapshotSource snapshots, IDeploymentStates states, TimeProvider time)
    {
        _snapshots = snapshots;
        _states = states;
        _time = time;
        var meter = meters.Create(GatewayMeter.Name);
        meter.CreateObservableGauge("deployment_state", Deployments, description: "0 closed, 1 half-open, 2 open, 3 off: no credential works.");
        meter.CreateObservableGauge("credentials_usable", Usable, "{credential}", "Credentials that are neither dead nor resting.");
        meter.CreateObservableCounter("credentials_out_total", Out, "{credential}", "Credentials taken out because the provider refused them.");
    }

    private IEnumerable<Measurement<int>> Deployments()
    {
        foreach (var deployment in _snapshots.Current.Deployments.Values)
        {
            yield return new Measurement<int>((int)_states.Of(deployment).StateOf(deployment), new KeyValuePair<string, object?>("deployment", deployment.Name));
        }
    }

    private IEnumerable<Measurement<int>> Usable()
    {
        var now = _time.GetUtcNow();
        return Providers().Select(one => new Measurement<int>(one.State.Working(one.Provider, now), Label(one.Provider)));
    }

    private IEnumerable<Measurement<long>> Out() => Providers().Select(static one => new Measurement<long>(one.State.CredentialsOut, Label(one.Provider)));

    /// <summary>Those that need a credential; a provider without deployments is called by nobody.</summary>
    private IEnumerable<(Provider Provider, ProviderState State)> Providers() => _snapshots.Current.Deployments.Values
        .Where(static deployment => deployment.Provider.NeedsCredential)
        .DistinctBy(static deployment => deployment.Provider.Name)
        .Select(deployment => (deployment.Provider, _states.Of(deployment).Provider));

    private static KeyValuePair<string, object?> Label(Provider provider) => new("provider", provider.Name);
}

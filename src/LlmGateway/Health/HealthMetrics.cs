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
        meter.CreateObservableGauge("deployment_headroom", Headroom, "1", "Smallest share left of any quota of the provider, 0 to 1, as routing sees it.");
        meter.CreateObservableGauge("deployment_in_flight", InFlight, "{attempt}", "Attempts that have begun and not ended.");
        meter.CreateObservableGauge(
            "deployment_expected_first_token_seconds", FirstToken, "s", "Time to the first token that routing expects; not there until one was measured.");
        meter.CreateObservableGauge("deployment_price", Prices, description: "Price in force now of a million tokens, in the unit of its currency, before any tier.");
        meter.CreateObservableGauge("route_deployments", Routes, "{deployment}", "Deployments of a route, by whether they take traffic now.");
        meter.CreateObservableGauge("credentials_usable", Usable, "{credential}", "Credentials that are neither dead nor resting.");
        meter.CreateObservableCounter("credentials_out_total", Out, "{credential}", "Credentials taken out because the provider refused them.");
    }

    private IEnumerable<Measurement<int>> Deployments()
    {
        foreach (var deployment in _snapshots.Current.Deployments.Values)
        {
            yield return new Measurement<int>((int)_states.Of(deployment).StateOf(deployment), Label(deployment));
        }
    }

    private IEnumerable<Measurement<double>> Headroom()
    {
        var now = _time.GetUtcNow();
        return _snapshots.Current.Deployments.Values
            .Select(deployment => (Deployment: deployment, State: _states.Of(deployment)))
            .Select(one => new Measurement<double>(one.State.Quota.Headroom(one.Deployment.Quota, one.State.InFlight, now), Label(one.Deployment)));
    }

    private IEnumerable<Measurement<int>> InFlight() => _snapshots.Current.Deployments.Values
        .Select(deployment => new Measurement<int>(_states.Of(deployment).InFlight, Label(deployment)));

    private IEnumerable<Measurement<double>> FirstToken()
    {
        foreach (var deployment in _snapshots.Current.Deployments.Values)
        {
            if (_states.Of(deployment).Latency.FirstToken is { } seconds && double.IsFinite(seconds))
            {
                yield return new Measurement<double>(seconds, Label(deployment));
            }
        }
    }

    private IEnumerable<Measurement<double>> Prices()
    {
        var snapshot = _snapshots.Current;
        var now = _time.GetUtcNow();
        foreach (var deployment in snapshot.Deployments.Values)
        {
            if (snapshot.Prices.InForce(deployment.PriceName, now) is { } entry)
            {
                var factor = (entry.Windows is { } windows && windows.Contains(now) ? windows.Multiplier : 1) * 1_000_000 / entry.Per;
                var rates = entry.Rates.WithFallbacks();
                foreach (var (kind, rate) in new[] { ("input", rates.Input), ("cached_input", rates.CachedInput), ("output", rates.Output) })
                {
                    if (rate is { } known)
                    {
                        yield return new Measurement<double>((double)(known * factor), Label(deployment), new("kind", kind), new("currency", entry.Currency.Code));
                    }
                }
            }
        }
    }

    private IEnumerable<Measurement<int>> Routes()
    {
        var now = _time.GetUtcNow();
        foreach (var route in _snapshots.Current.Routes.Values)
        {
            var usable = route.Targets.Count(target => TakesTraffic(target.Deployment, now));
            yield return new Measurement<int>(usable, new("route", route.Name), new("state", "usable"));
            yield return new Measurement<int>(route.Targets.Count - usable, new("route", route.Name), new("state", "out"));
        }
    }

    private bool TakesTraffic(Deployment deployment, DateTimeOffset now)
    {
        var state = _states.Of(deployment);
        return deployment.Unusable is null && state.StateOf(deployment) is BreakerState.Closed or BreakerState.HalfOpen && !(state.RestsUntil > now);
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

    private static KeyValuePair<string, object?> Label(Deployment deployment) => new("deployment", deployment.Name);

    private static KeyValuePair<string, object?> Label(Provider provider) => new("provider", provider.Name);
}

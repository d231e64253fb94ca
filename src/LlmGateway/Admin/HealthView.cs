using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Health;

namespace LlmGateway.Admin;

/// <summary>How a deployment is now.</summary>
/// <param name="Breaker"><c>closed</c>, <c>half_open</c>, <c>open</c>; <c>off</c> while no credential of its provider works. The worst of its routes.</param>
/// <param name="FailureShare">Of the attempts in the breaker's window, 0 to 1.</param>
/// <param name="OpenUntil">When a probe may be made; null while closed.</param>
/// <param name="Headroom">Smallest share left of any quota, 0 to 1.</param>
/// <param name="RestingUntil">It asked to be left alone until then; null for now.</param>
internal sealed record HealthView(
    string Breaker,
    double FailureShare,
    DateTime? OpenUntil,
    int InFlight,
    LatencyView Latency,
    double Headroom,
    DateTime? RestingUntil,
    IReadOnlyList<CredentialView> Credentials)
{
    public static HealthView Of(Deployment deployment, DeploymentState state, Snapshot snapshot, DateTimeOffset now)
    {
        var breaker = snapshot.Routes.Values
            .Where(route => route.Targets.Any(target => target.Deployment == deployment))
            .Select(route => route.Failover.Breaker)
            .DefaultIfEmpty(BreakerSettings.Default)
            .Distinct()
            .Select(state.BreakerFor)
            .MaxBy(breaker => breaker.State)!;
        return new HealthView(
            NameOf(state.Provider.IsOff(deployment.Provider) ? BreakerState.Off : breaker.State),
            Math.Round(breaker.FailureShare, 4),
            breaker.OpenUntil?.UtcDateTime,
            state.InFlight,
            LatencyView.Of(state.Latency),
            Math.Round(state.Quota.Headroom(deployment.Quota, state.InFlight, now), 4),
            state.RestsUntil > now ? state.RestsUntil.Value.UtcDateTime : null,
            CredentialView.AllOf(deployment, state, now));
    }

    public static string NameOf(BreakerState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}

/// <summary>How fast a deployment was lately; null while nothing is known.</summary>
/// <param name="TtftMs">Mean time to the first token.</param>
/// <param name="TpotMs">Mean time for each further output token.</param>
/// <param name="TtftP95Ms">95th percentile of the time to the first token.</param>
/// <param name="Samples">Ever since the start.</param>
internal sealed record LatencyView(double? TtftMs, double? TpotMs, double? TtftP95Ms, long Samples)
{
    public static LatencyView Of(LatencyWindow window) =>
        new(Milliseconds(window.FirstToken), Milliseconds(window.PerToken), Milliseconds(window.FirstTokenP95), window.Count);

    private static double? Milliseconds(double? seconds) => seconds is { } known && double.IsFinite(known) ? Math.Round(known * 1000, 3) : null;
}

/// <summary>One key of a provider, by its name.</summary>
/// <param name="State"><c>ok</c>, <c>resting</c> or <c>dead</c>.</param>
/// <param name="Until">When it is used again, a dead one as a probe; null for now.</param>
/// <param name="Why">Why the provider does not take it any more.</param>
internal sealed record CredentialView(string Name, string State, DateTime? Until, string? Why)
{
    public const string Ok = "ok";
    public const string Resting = "resting";
    public const string Dead = "dead";
    public const string None = "none";
    public const string Missing = "missing";

    public static IReadOnlyList<CredentialView> AllOf(Deployment deployment, DeploymentState state, DateTimeOffset now) =>
        [.. state.Provider.CredentialsOf(deployment.Provider).Select(credential => Of(credential, now))];

    /// <summary>The best state among those of the deployment: one that works is enough. Beside theirs <c>none</c> is needed, or the one needed is <c>missing</c>.</summary>
    public static string BestOf(Deployment deployment, DeploymentState state, DateTimeOffset now)
    {
        var credentials = AllOf(deployment, state, now);
        return !deployment.Provider.Usable ? Missing
            : credentials.Count == 0 ? None
            : ((string[])[Ok, Resting, Dead]).First(one => credentials.Any(credential => credential.State == one));
    }

    private static CredentialView Of(CredentialState credential, DateTimeOffset now) =>
        credential.DeadBecause is { } why ? new CredentialView(credential.Credential.Name, Dead, credential.Health.UsableFrom.UtcDateTime, why)
        : credential.RestsUntil is { } until && until > now ? new CredentialView(credential.Credential.Name, Resting, until.UtcDateTime, null)
        : new CredentialView(credential.Credential.Name, Ok, null, null);
}

using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Health;
using LlmGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Prometheus;

namespace LlmGateway.Tests.Health;

/// <summary>As Prometheus sees them, through the bridge.</summary>
public sealed class HealthMetricsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CollectorRegistry _registry = Prometheus.Metrics.NewCustomRegistry();
    private readonly PrometheusBridge _bridge;
    private readonly DeploymentStates _states;
    private readonly Snapshots _snapshots = new();

    public HealthMetricsTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _states = new DeploymentStates(_time);
        _ = new HealthMetrics(meters, _snapshots, _states, _time);
        _bridge = new PrometheusBridge(_registry, meters);
    }

    public void Dispose()
    {
        _bridge.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_deployment_that_nobody_has_called_is_closed_and_one_without_a_credential_off()
    {
        _snapshots.Set(Deployment("free/one", Provider("free")), Deployment("acme/one", Provider("acme", "k1", "k2")), Deployment("poor/one", Provider("poor") with { NeedsCredential = true }));

        Assert.Equal(
            [
                "credentials_out_total{provider=\"acme\"} 0",
                "credentials_out_total{provider=\"poor\"} 0",
                "credentials_usable{provider=\"acme\"} 2",
                "credentials_usable{provider=\"poor\"} 0",
                "deployment_state{deployment=\"acme/one\"} 0",
                "deployment_state{deployment=\"free/one\"} 0",
                "deployment_state{deployment=\"poor/one\"} 3",
            ],
            await ScrapeAsync());
    }

    [Fact]
    public async Task A_breaker_is_followed_through_its_states()
    {
        var deployment = Deployment("free/one", Provider("free"));
        _snapshots.Set(deployment);
        var breaker = _states.Of(deployment).BreakerFor(new BreakerSettings(0.5, TimeSpan.FromSeconds(30), 1, TimeSpan.FromSeconds(5)));

        breaker.Report(HealthVerdict.Failed);
        Assert.Equal(["deployment_state{deployment=\"free/one\"} 2"], await ScrapeAsync());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(breaker.TryEnter(out _));
        Assert.Equal(["deployment_state{deployment=\"free/one\"} 1"], await ScrapeAsync());
        breaker.Report(HealthVerdict.Succeeded, isProbe: true);
        breaker.ReleaseProbe();
        Assert.Equal(["deployment_state{deployment=\"free/one\"} 0"], await ScrapeAsync());
    }

    [Fact]
    public async Task Credentials_that_go_out_are_counted_and_the_last_one_turns_their_deployments_off()
    {
        var provider = Provider("acme", "k1", "k2");
        var deployment = Deployment("acme/one", provider);
        _snapshots.Set(deployment, Deployment("acme/two", provider));
        var credentials = _states.Of(deployment).Provider.CredentialsOf(provider);

        credentials[0].Bury("401", Start);
        credentials[1].Rest(Start.AddSeconds(10));
        Assert.Equal(
            [
                "credentials_out_total{provider=\"acme\"} 1",
                "credentials_usable{provider=\"acme\"} 0",
                "deployment_state{deployment=\"acme/one\"} 0",
                "deployment_state{deployment=\"acme/two\"} 0",
            ],
            await ScrapeAsync());

        credentials[1].Bury("402", Start);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(
            [
                "credentials_out_total{provider=\"acme\"} 2",
                "credentials_usable{provider=\"acme\"} 0",
                "deployment_state{deployment=\"acme/one\"} 3",
                "deployment_state{deployment=\"acme/two\"} 3",
            ],
            await ScrapeAsync());

        credentials[1].Proved();
        Assert.Contains("deployment_state{deployment=\"acme/two\"} 0", await ScrapeAsync());
        Assert.Contains("credentials_usable{provider=\"acme\"} 1", await ScrapeAsync());
    }

    [Fact]
    public async Task A_deployment_that_a_reload_took_away_shows_no_longer()
    {
        var free = Provider("free");
        _snapshots.Set(Deployment("free/one", free), Deployment("free/two", free));
        Assert.Equal(2, (await ScrapeAsync()).Count);

        _snapshots.Set(Deployment("free/two", free));
        Assert.Equal(["deployment_state{deployment=\"free/two\"} 0"], await ScrapeAsync());

        _snapshots.Set(Deployment("free/one", free), Deployment("free/two", free));
        Assert.Equal(2, (await ScrapeAsync()).Count);
    }

    /// <summary>Of state and credentials; figures of pace, quota and price are for OperatorMetricsTests.</summary>
    private async Task<List<string>> ScrapeAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text);
        return [.. Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .Where(line => line.StartsWith("llmgateway_", StringComparison.Ordinal))
            .Select(line => line["llmgateway_".Length..])
            .Where(line => line.StartsWith("credentials_", StringComparison.Ordinal) || line.StartsWith("deployment_state", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    private static Provider Provider(string name, params string[] secrets) => new()
    {
        Name = name,
        Dialect = Dialect.OpenAI,
        NeedsCredential = secrets.Length > 0,
        Credentials = [.. secrets.Select((secret, i) => new Credential($"{name}#{i + 1}", new Secret(secret), 1))],
    };

    private static Deployment Deployment(string name, Provider provider) => new() { Name = name, Provider = provider, Model = "one", PriceName = name };

    private sealed class Snapshots : ISnapshotSource
    {
        public event Action<Snapshot>? Changed;

        public Snapshot Current { get; private set; } = null!;

        public void Set(params Deployment[] deployments)
        {
            Current = new Snapshot
            {
                Version = 1,
                LoadedAt = Start,
                Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
                Providers = deployments.Select(deployment => deployment.Provider).Distinct().ToFrozenDictionary(provider => provider.Name),
                Deployments = deployments.ToFrozenDictionary(deployment => deployment.Name),
                Routes = FrozenDictionary<string, Route>.Empty,
                Prices = PriceBook.Empty,
                Tenants = FrozenDictionary<string, Tenant>.Empty,
                Keys = [],
            };
            Changed?.Invoke(Current);
        }
    }
}

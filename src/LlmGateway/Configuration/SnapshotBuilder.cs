using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Validation;

namespace LlmGateway.Configuration;

/// <summary>Makes the Snapshot of a configuration that has been found valid.</summary>
internal sealed class SnapshotBuilder(GatewayConfig config, GatewayPaths paths)
{
    public Snapshot Build(long version, DateTimeOffset loadedAt)
    {
        IReadOnlyList<ConfiguredKey> keys = [.. KeyRules.All(config).Where(entry => !entry.Key.Key!.Value.IsEmpty).Select(BuildKey)];
        var providers = config.Providers.ToFrozenDictionary(entry => entry.Key, entry => BuildProvider(entry.Key, entry.Value), StringComparer.Ordinal);
        var deployments = config.Deployments.ToFrozenDictionary(
            entry => entry.Key, entry => BuildDeployment(entry.Key, entry.Value, providers), StringComparer.Ordinal);
        var server = config.Server;
        return new Snapshot
        {
            Version = version,
            LoadedAt = loadedAt,
            Server = new ServerSettings(
                paths.Urls.Count > 0 ? paths.Urls : server.Urls, server.MaxRequestBody.Bytes, server.MaxResponseBody.Bytes, server.Drain, server.Grace),
            DataFolder = paths.DataFolder ?? Path.GetFullPath(config.Data.Path),
            Data = new DataSettings(config.Data.Retention, config.Data.MaxOutbox.Bytes, config.Data.MinFree.Bytes),
            Logging = new LoggingSettings((LogLevel)config.Logging.Level, config.Logging.Format == LogFormat.Json),
            Tracing = BuildTracing(config.Telemetry),
            Providers = providers,
            Deployments = deployments,
            Routes = config.Routes.ToFrozenDictionary(entry => entry.Key, entry => BuildRoute(entry.Key, entry.Value, deployments), StringComparer.Ordinal),
            Rates = new ExchangeRates(config.Currency.Base, config.Currency.Rates, config.Currency.Source),
            Prices = new PriceBook(config.Prices.SelectMany(entry => entry.Value.Select(price => PriceBuilder.Build(entry.Key, price)))),
            Tenants = config.Tenants.ToFrozenDictionary(entry => entry.Key, entry => BuildTenant(entry.Key, entry.Value), StringComparer.Ordinal),
            Keys = keys,
            KeyAllowances = keys.Where(key => !key.Allowance.IsUnlimited).ToFrozenDictionary(key => key.Id, key => key.Allowance, StringComparer.Ordinal),
            KeyScopes = keys.Where(key => !key.Allowance.IsUnlimited).ToFrozenDictionary(
                key => key.Id, key => new AllowanceScope(key.Tenant, key.Project, key.Id), StringComparer.Ordinal),
            Webhooks = [.. config.Webhooks.Where(webhook => Present(webhook.Secret) is not null).Select(BuildWebhook)],
            Engines = new EngineSettings(Present(config.Redis.Connection), Present(config.Postgres.Connection)),
            Cache = new CacheStoreSettings(config.Cache.Memory.Bytes, Present(config.Cache.Secret)),
        };
    }

    private static TracingSettings? BuildTracing(TelemetryConfig telemetry) => string.IsNullOrEmpty(telemetry.Otlp)
        ? null
        : new TracingSettings(new Uri(telemetry.Otlp), telemetry.Protocol is OtlpProtocol.Grpc, Present(telemetry.Headers), telemetry.Sample, telemetry.Slow);

    private static Provider BuildProvider(string name, ProviderConfig provider) => new()
    {
        Name = name,
        Dialect = Enum.Parse<Dialect>(provider.Dialect, ignoreCase: true),
        Profile = provider.Profile,
        BaseUrl = provider.BaseUrl!.Address,
        Region = provider.Region,
        NeedsCredential = provider.Credentials is { Count: > 0 },
        Credentials =
        [
            .. (provider.Credentials ?? []).Index()
                .Where(entry => !entry.Item.Key!.Value.IsEmpty)
                .Select(entry => new Credential($"{name}#{entry.Index + 1}", entry.Item.Key!.Value, entry.Item.Weight)),
        ],
        Timeouts = Over(Timeouts.Default, provider.Timeouts),
    };

    private static Deployment BuildDeployment(string name, DeploymentConfig deployment, FrozenDictionary<string, Provider> providers)
    {
        var provider = providers[name[..name.IndexOf('/', StringComparison.Ordinal)]];
        return new Deployment
        {
            Name = name,
            Provider = provider,
            Model = deployment.Model,
            Stage = deployment.Stage,
            Context = deployment.Context,
            MaxOutput = deployment.MaxOutput,
            DeclaresCapabilities = deployment.Capabilities is not null,
            Capabilities = (deployment.Capabilities ?? []).Aggregate(Capabilities.None, (all, one) => all | one),
            Quality = deployment.Quality,
            Tags = deployment.Tags.ToFrozenDictionary(StringComparer.Ordinal),
            Quota = deployment.Quota is { } quota
                ? new Quota(quota.RequestsPerMinute, quota.TokensPerMinute, quota.Concurrent, quota.RequestsPerDay, quota.TokensPerDay)
                : null,
            Timeouts = Over(provider.Timeouts, deployment.Timeouts),
            PriceName = deployment.Price ?? $"{provider.Name}/{deployment.Model}",
        };
    }

    private static Route BuildRoute(string name, RouteConfig route, FrozenDictionary<string, Deployment> deployments) => new()
    {
        Name = name,
        Targets = [.. route.Deployments.Select(target => new RouteTarget(deployments[target.Name], target.Weight))],
        Policy = route.Policy,
        Unpriced = route.Unpriced,
        MaxCost = route.MaxCost,
        MaxOutput = route.MaxOutput,
        UsageCost = route.UsageCost,
        Weights = route.Weights is { } weights ? new BalanceWeights(weights.Price, weights.Latency, weights.Headroom, weights.Quality) : BalanceWeights.Default,
        Affinity = route.Affinity,
        Failover = BuildFailover(route.Failover, route.Deployments.Max(target => deployments[target.Name].Timeouts.FirstEvent)),
        Hedge = new HedgeSettings(route.Hedge.Enabled, route.Hedge.MaxExtraCost),
        Cache = new CacheSettings(route.Cache.Exact is { } exact ? BuildCache(exact) : null, route.Cache.Coalesce ?? route.Cache.Exact is not null, route.Cache.Generation)
        {
            Semantic = route.Cache.Semantic is { Mode: not SemanticMode.Off } semantic ? BuildSemantic(semantic, deployments) : SemanticSettings.Off,
        },
    };

    private static ExactCacheSettings BuildCache(ExactCacheConfig exact) => new()
    {
        Ttl = exact.Ttl,
        Stale = exact.Stale,
        Scope = exact.Scope,
        MaxEntry = (int)exact.MaxEntry.Bytes,
        MaxTemperature = exact.MaxTemperature,
        Tools = exact.Tools,
        Length = exact.Length,
    };

    private static SemanticSettings BuildSemantic(SemanticCacheConfig semantic, FrozenDictionary<string, Deployment> deployments) => new()
    {
        Mode = semantic.Mode,
        Embedder = semantic.Embedder == SemanticSettings.Builtin ? null : deployments[semantic.Embedder],
        Dimensions = semantic.Dimensions ?? 0,
        Threshold = semantic.Threshold,
        MaxTurns = semantic.MaxTurns,
        MaxWrongHits = semantic.MaxWrongHits,
        Confidence = semantic.Confidence,
        Verify = semantic.Verify,
        MinLabels = semantic.MinLabels,
        Confirm = semantic.Confirm,
        Memory = semantic.Memory.Bytes,
        Label = semantic.Label ?? (semantic.Judge is null ? SemanticLabel.Similarity : SemanticLabel.Judge),
        Judge = semantic.Judge is { } judge ? deployments[judge] : null,
    };

    private static FailoverSettings BuildFailover(FailoverConfig failover, TimeSpan longestFirstEvent) => new()
    {
        Attempts = failover.Attempts,
        AttemptsPerDeployment = failover.AttemptsPerDeployment,

        // Who lets a deployment take long, and says nothing of a deadline, does not want one that is shorter.
        Deadline = failover.Deadline ?? (longestFirstEvent > FailoverSettings.Default.Deadline ? longestFirstEvent : FailoverSettings.Default.Deadline),
        RetryBudget = failover.RetryBudget,
        Prefer = failover.Prefer,
        MidStream = failover.MidStream,
        Breaker = new BreakerSettings(failover.Breaker.FailureRatio, failover.Breaker.Window, failover.Breaker.Minimum, failover.Breaker.Open),
    };

    private Tenant BuildTenant(string name, TenantConfig tenant)
    {
        var allowances = new AllowanceBuilder(tenant.Currency ?? config.Currency.Base);
        return new Tenant(
            name,
            tenant.Currency,
            tenant.Projects.ToFrozenDictionary(
                entry => entry.Key,
                entry => new Project(entry.Key, name) { Allowance = allowances.Build(entry.Value.Budgets, entry.Value.Limits) },
                StringComparer.Ordinal),
            tenant.Require is { } require ? new Requirements(require.Region, require.Tags.ToFrozenDictionary(StringComparer.Ordinal)) : null)
        {
            Allowance = allowances.Build(tenant.Budgets, tenant.Limits),
            Degraded = tenant.Degraded,
            SemanticConsent = tenant.SemanticConsent,
        };
    }

    private ConfiguredKey BuildKey((string Tenant, string Project, KeyConfig Key, Yaml.SettingPath Path) entry)
    {
        var (tenant, project, key, _) = entry;
        var allowances = new AllowanceBuilder(config.Tenants[tenant].Currency ?? config.Currency.Base);
        return new ConfiguredKey(
            tenant, project, key.Name, key.Key!.Value, key.Routes, key.Tags.ToFrozenDictionary(StringComparer.Ordinal), key.Expires, key.Enabled, key.Demo)
        {
            Allowance = allowances.Build(key.Budgets, key.Limits),
        };
    }

    private static Webhook BuildWebhook(WebhookConfig webhook) =>
        new(WebhookRules.AddressOf(webhook.Url)!, webhook.Secret!.Value, webhook.Events, webhook.Tenants);

    private static Secret? Present(Settings.SecretSetting? setting) => setting is { Value: { IsEmpty: false } secret } ? secret : null;

    private static Timeouts Over(Timeouts general, TimeoutsConfig special) => new(
        special.Connect ?? general.Connect, special.FirstEvent ?? general.FirstEvent, special.Idle ?? general.Idle, special.Total ?? general.Total);
}

using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>What the operator wrote in <c>gateway.yaml</c> and the files that it includes. Any section may stand in any of them.</summary>
internal sealed record GatewayConfig
{
    [Setting("Other files of this folder that belong to the configuration, by their path from gateway.yaml.")]
    public IReadOnlyList<string> Include { get; init; } = [];

    [Setting("Where the gateway listens and what it accepts.")]
    public ServerConfig Server { get; init; } = new();

    [Setting("Where the gateway keeps what it writes.")]
    public DataConfig Data { get; init; } = new();

    [Setting("What is logged, and how.")]
    public LoggingConfig Logging { get; init; } = new();

    [Setting("Where traces go.")]
    public TelemetryConfig Telemetry { get; init; } = new();

    [Setting("Limits, budgets and caches that several nodes share.")]
    public RedisConfig Redis { get; init; } = new();

    [Setting("The ledger of several nodes.")]
    public PostgresConfig Postgres { get; init; } = new();

    [Setting("What caches of all routes share.")]
    public CacheStoreConfig Cache { get; init; } = new();

    [Setting("How amounts of different currencies compare.")]
    public CurrencyConfig Currency { get; init; } = new();

    [Setting("Vendor accounts, by a name of your choice.")]
    public IReadOnlyDictionary<string, ProviderConfig> Providers { get; init; } = new Dictionary<string, ProviderConfig>();

    [Setting("Models at providers, by provider/name.")]
    public IReadOnlyDictionary<string, DeploymentConfig> Deployments { get; init; } = new Dictionary<string, DeploymentConfig>();

    [Setting("The model names that clients send.")]
    public IReadOnlyDictionary<string, RouteConfig> Routes { get; init; } = new Dictionary<string, RouteConfig>();

    [Setting("Prices by provider/model, or by the name that a deployment refers to with price. Several entries of one name follow each other by date.")]
    public IReadOnlyDictionary<string, IReadOnlyList<PriceConfig>> Prices { get; init; } = new Dictionary<string, IReadOnlyList<PriceConfig>>();

    [Setting("Who pays, with their applications and keys.")]
    public IReadOnlyDictionary<string, TenantConfig> Tenants { get; init; } = new Dictionary<string, TenantConfig>();

    [Setting("Who is told when a budget nears its end, has none left, or is spent far faster than usual.")]
    public IReadOnlyList<WebhookConfig> Webhooks { get; init; } = [];
}

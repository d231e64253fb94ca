using System.Security.Cryptography;

namespace LlmGateway.LoadTests.Processes;

/// <summary>
/// The configuration folder of the gateway under test: a provider, a deployment and route for each kind of answer, a price, a tenant with a key.
/// </summary>
internal sealed class GatewayFolder
{
    public const string Route = "bench";
    public const string StreamRoute = "bench-streams";

    /// <summary>Three deployments of the same model at different prices, under <c>balanced</c>, with breaker and affinity.</summary>
    public const string RoutedRoute = "bench-routed";

    /// <summary>As <see cref="Route"/>, with answers that are kept.</summary>
    public const string CachedRoute = "bench-cached";

    /// <summary>A deployment whose provider is down, and behind it the one of <see cref="Route"/>.</summary>
    public const string DownRoute = "bench-down";
    public const string UpstreamKey = "sk-sim";
    private const string KeyVariable = "LOADTEST_TENANT_KEY";
    private const string LimitedKeyVariable = "LOADTEST_LIMITED_KEY";
    private const string RedisVariable = "LOADTEST_REDIS";
    private const string UpstreamKeyVariable = "LOADTEST_UPSTREAM_KEY";

    private GatewayFolder(string folder, string key, string limitedKey, string? redis)
    {
        Configuration = Path.Combine(folder, "gateway.yaml");
        Data = Path.Combine(folder, "data");
        Key = key;
        LimitedKey = limitedKey;
        Environment = new Dictionary<string, string>
        {
            [KeyVariable] = key,
            [LimitedKeyVariable] = limitedKey,
            [UpstreamKeyVariable] = UpstreamKey,
            [RedisVariable] = redis ?? "",
        };
    }

    /// <summary>The path of the main file.</summary>
    public string Configuration { get; }

    public string Data { get; }

    /// <summary>The virtual key of the tenant.</summary>
    public string Key { get; }

    /// <summary>The key of a tenant with limits, and budgets at three levels, that no load ever reaches.</summary>
    public string LimitedKey { get; }

    /// <summary>The secrets that the files name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <param name="folder">An existing folder to fill.</param>
    /// <param name="simulator">Its base address, without <c>/v1</c>.</param>
    /// <param name="model">The upstream model of <see cref="Route"/>.</param>
    /// <param name="streamModel">The upstream model of <see cref="StreamRoute"/>.</param>
    /// <param name="redis">Connection string; null keeps limits and budgets in process.</param>
    public static GatewayFolder Write(string folder, Uri simulator, string model, string streamModel, string? redis)
    {
        var written = new GatewayFolder(folder, NewKey(), NewKey(), redis);
        Directory.CreateDirectory(written.Data);
        foreach (var (name, text) in Files(simulator, model, streamModel))
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        return written;
    }

    private static string NewKey() => "sk-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static (string Name, string Text)[] Files(Uri simulator, string model, string streamModel) =>
    [
        ("gateway.yaml", $$"""
            redis: { connection: "${env:{{RedisVariable}}}" }
            currency: { base: USD, rates: { CNY: { "2026-01-01": 0.14 } } }
            include: [providers.yaml, deployments.yaml, routes.yaml, prices.yaml, tenants.yaml]
            """),
        ("providers.yaml", $$"""
            providers:
              sim: { dialect: openai, base_url: "{{simulator.AbsoluteUri.TrimEnd('/')}}/v1", credentials: [ { key: "${env:{{UpstreamKeyVariable}}}" } ] }
              down: { dialect: openai, base_url: "http://127.0.0.1:9/v1", credentials: none }
            """),
        ("deployments.yaml", $$"""
            deployments:
              down/bench: { model: "{{model}}", price: bench, stage: production, context: 128000, max_output: 16000 }
              sim/second: { model: "{{model}}", price: bench-second, stage: production, context: 128000, max_output: 16000, quality: 0.7 }
              sim/third: { model: "{{model}}", price: bench-third, stage: production, context: 128000, max_output: 16000, quality: 0.9 }
              sim/bench: { model: "{{model}}", price: bench, stage: production, context: 128000, max_output: 16000 }
              sim/bench-streams: { model: "{{streamModel}}", price: bench, stage: production, context: 128000, max_output: 16000 }
            """),
        ("routes.yaml", $$"""
            routes:
              {{Route}}: { deployments: [sim/bench] }
              {{StreamRoute}}: { deployments: [sim/bench-streams] }
              {{RoutedRoute}}: { deployments: [sim/bench, sim/second, sim/third], policy: balanced, affinity: prefix }
              {{CachedRoute}}: { deployments: [sim/bench], cache: { exact: { ttl: 1d, length: true } } }
              {{DownRoute}}: { deployments: [down/bench, sim/bench] }
            """),
        ("prices.yaml", """
            prices:
              bench:
                - { from: 2026-01-01, currency: USD, per: 1000000, input: 0.5, cached_input: 0.05, output: 1.5 }
              bench-second:
                - { from: 2026-01-01, currency: USD, per: 1000000, input: 0.6, cached_input: 0.05, output: 1.4 }
              bench-third:
                - { from: 2026-01-01, currency: CNY, per: 1000000, input: 4, cached_input: 0.4, output: 12,
                    windows: { timezone: Asia/Shanghai, multiplier: 2, when: [ { hours: ["09:00-18:00"] } ] } }
            """),
        ("tenants.yaml", $$"""
            tenants:
              bench: { projects: { load: { keys: [ { name: driver, key: "${env:{{KeyVariable}}}" } ] } } }
              limited:
                budgets: [ { amount: 1000000, period: month } ]
                limits: { requests_per_minute: 100000000, tokens_per_minute: 1000000000000, concurrent: 100000 }
                projects:
                  load:
                    budgets: [ { amount: 1000000, period: month } ]
                    keys:
                      - name: driver
                        key: "${env:{{LimitedKeyVariable}}}"
                        budgets: [ { amount: 1000000, period: day } ]
                        limits: { requests_per_minute: 100000000, tokens_per_minute: 1000000000000 }
            """),
    ];
}

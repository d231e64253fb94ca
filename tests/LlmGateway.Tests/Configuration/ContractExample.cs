namespace LlmGateway.Tests.Configuration;

/// <summary>The example of the contract: names and shapes that people outside rely on.</summary>
internal static class ContractExample
{
    public static (string Name, string Text)[] Files =>
    [
        ("gateway.yaml", Gateway), ("providers.yaml", Providers), ("deployments.yaml", Deployments), ("routes.yaml", Routes),
        ("prices.yaml", Prices), ("tenants.yaml", Tenants),
    ];

    public static Dictionary<string, string> Environment => new()
    {
        ["DEEPSEEK_API_KEY"] = "vendor-secret-of-deepseek",
        ["ACME_CI_KEY"] = "virtual-secret-of-acme",
    };

    private const string Gateway = """
        server:    { urls: ["http://127.0.0.1:8080"], max_request_body: 50MB, drain: 30s }
        data:      { path: data }
        include:   [providers.yaml, deployments.yaml, routes.yaml, prices.yaml, tenants.yaml]
        redis:     { connection: "${env:GATEWAY_REDIS}" }
        postgres:  { connection: "${env:GATEWAY_POSTGRES}" }
        currency:  { base: USD, rates: { CNY: { "2026-11-01": 0.1405 } } }
        """;

    private const string Providers = """
        providers:
          deepseek: { dialect: openai, profile: deepseek, base_url: "https://api.deepseek.com/v1", region: cn,
                      credentials: [ { key: "${env:DEEPSEEK_API_KEY}", weight: 1 } ],
                      timeouts: { connect: 3s, first_event: 30s, idle: 20s, total: 10m } }
          qwen:     { base_url: "https://dashscope.aliyuncs.com/compatible-mode/v1", credentials: [ { key: "${env:QWEN_API_KEY}" } ] }
          local:    { dialect: openai, base_url: "http://127.0.0.1:8000/v1", credentials: none }
          simulator: { dialect: openai, base_url: builtin }
        """;

    private const string Deployments = """
        deployments:
          deepseek/flash: { model: deepseek-flash, stage: production, context: 1000000, max_output: 384000,
                            capabilities: [tools, vision, json_object, reasoning], quality: 0.8, tags: { tier: fast },
                            quota: { requests_per_minute: 600, tokens_per_minute: 2000000, concurrent: 100 },
                            timeouts: { first_event: 10s } }
          qwen/plus: { model: qwen-plus }
        """;

    private const string Routes = """
        routes:
          chat:
            deployments: [ { name: deepseek/flash, weight: 3 }, { name: qwen/plus } ]
            policy: balanced
            weights: { price: 0.5, latency: 0.3, headroom: 0.2 }
            affinity: prefix
            failover: { attempts: 4, attempts_per_deployment: 3, deadline: 60s, retry_budget: 0.2, prefer: switch, mid_stream: resume,
                        breaker: { failure_ratio: 0.5, window: 30s, minimum: 10, open: 5s } }
            hedge: { enabled: false, max_extra_cost: 0.05 }
            cache: { exact: { ttl: 1h }, semantic: { mode: off } }
            on_unsupported: warn
        """;

    private const string Prices = """
        prices:
          deepseek/deepseek-flash:
            - { from: 2026-09-10, currency: CNY, per: 1000000, input: 1, cached_input: 0.02, output: 4,
                windows: { timezone: Asia/Shanghai, multiplier: 2.0, when: [ { days: [mon, tue, wed, thu, fri], hours: ["09:00-12:00", "14:00-18:00"] } ] },
                tiers: [ { input_over: 256000, input: 2, output: 8 } ], batch: 0.5, source: "…, 2026-09" }
        """;

    private const string Tenants = """
        tenants:
          acme:
            currency: CNY
            require: { region: cn }
            budgets: [ { amount: 1000, period: month, timezone: Asia/Shanghai, warn: 0.8 } ]
            limits:  { requests_per_minute: 6000, tokens_per_minute: 1000000, concurrent: 200 }
            projects:
              search: { budgets: [ { amount: 50, period: day } ], keys: [ { name: ci, key: "${env:ACME_CI_KEY}", routes: [chat] } ] }
          demo: { projects: { demo: { keys: [ { name: demo, key: sk-demo, demo: true } ] } } }
        """;
}

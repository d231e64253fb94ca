using System.Text.Json.Nodes;
using LlmGateway.Configuration;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Tests.Configuration;

public sealed class DefaultsTests
{
    [Fact]
    public void An_empty_configuration_is_valid_and_has_these_defaults()
    {
        using var folder = new ConfigFolder(("gateway.yaml", "# nothing\n"));
        var loaded = folder.Load();
        Assert.Empty(loaded.Problems);
        var snapshot = loaded.Snapshot!;
        Assert.Equal(["http://127.0.0.1:8080"], snapshot.Server.Urls);
        Assert.Equal((50L << 20, 256L << 20, TimeSpan.FromSeconds(30)), (snapshot.Server.MaxRequestBody, snapshot.Server.MaxResponseBody, snapshot.Server.Drain));
        Assert.Equal(Path.GetFullPath("data"), snapshot.DataFolder);
        Assert.Equal(new LoggingSettings(LogLevel.Information, Json: false), snapshot.Logging);
    }

    [Fact]
    public void Options_of_the_command_line_win_over_the_file()
    {
        using var folder = new ConfigFolder(("gateway.yaml", "server: { urls: [\"http://127.0.0.1:1\"] }\ndata: { path: here }\n"));
        var paths = folder.Paths with { Urls = ["http://127.0.0.1:2"], DataFolder = folder.Folder };
        var snapshot = new ConfigurationLoader(paths, TimeProvider.System).Load().Snapshot!;
        Assert.Equal(["http://127.0.0.1:2"], snapshot.Server.Urls);
        Assert.Equal(folder.Folder, snapshot.DataFolder);
    }

    [Fact]
    public void Defaults_and_ranges_stand_in_the_schema()
    {
        var described = JsonNode.Parse(ConfigSchema.Generate())!["$defs"]!.AsObject()
            .SelectMany(section => (section.Value!["properties"] ?? section.Value["anyOf"]![1]!["properties"]!).AsObject()
                .Where(setting => setting.Value!["default"] is not null)
                .Select(setting => $"{section.Key}.{setting.Key} = {setting.Value!["default"]!.ToJsonString()}"));
        Assert.Equal(
            [
                "balance.price = 0.5", "balance.latency = 0.3", "balance.headroom = 0.2", "balance.quality = 0",
                "breaker.failure_ratio = 0.5", "breaker.window = \"30s\"", "breaker.minimum = 10", "breaker.open = \"5s\"",
                "budget.timezone = \"UTC\"", "budget.rolling = false", "budget.warn = 0.8", "budget.stop = true", "budget.allow_unpriced = false",
                "cache.generation = 0",
                "cachestore.memory = \"256MB\"",
                "credential.weight = 1",
                "currency.base = \"USD\"",
                "data.path = \"data\"",
                "data.max_outbox = \"10GB\"",
                "data.min_free = \"128MB\"",
                "deployment.stage = \"production\"",
                "exactcache.ttl = \"1h\"", "exactcache.stale = \"0s\"", "exactcache.scope = \"tenant\"", "exactcache.max_entry = \"1MB\"",
                "exactcache.max_temperature = 1", "exactcache.tools = false", "exactcache.length = false",
                "failover.attempts = 4", "failover.attempts_per_deployment = 3", "failover.retry_budget = 0.2",
                "failover.prefer = \"switch\"", "failover.mid_stream = \"resume\"",
                "hedge.enabled = false", "hedge.max_extra_cost = 0.05",
                "key.demo = false", "key.enabled = true",
                "logging.level = \"information\"", "logging.format = \"text\"",
                "price.per = 1000000",
                "pricetier.input_over = 0",
                "pricewindow.days = [\"sun\",\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\"]",
                "provider.dialect = \"openai\"",
                "route.policy = \"priority\"", "route.affinity = \"none\"", "route.unpriced = \"allow\"", "route.usage_cost = false",
                "routedeployment.weight = 1",
                "semanticcache.mode = \"off\"", "semanticcache.embedder = \"builtin\"", "semanticcache.threshold = 0.5", "semanticcache.max_turns = 1",
                "semanticcache.max_wrong_hits = 0.01", "semanticcache.confidence = 0.95", "semanticcache.verify = 0.05", "semanticcache.min_labels = 300",
                "semanticcache.confirm = false", "semanticcache.memory = \"64MB\"",
                "server.urls = [\"http://127.0.0.1:8080\"]", "server.max_request_body = \"50MB\"", "server.max_response_body = \"256MB\"", "server.grace = \"0s\"", "server.drain = \"30s\"",
                "telemetry.protocol = \"grpc\"", "telemetry.sample = 0.01", "telemetry.slow = \"30s\"", "tenant.degraded = \"share\"", "tenant.semantic_consent = false",
                "webhook.events = [\"*\"]", "webhook.tenants = [\"*\"]",
            ],
            described);
    }
}

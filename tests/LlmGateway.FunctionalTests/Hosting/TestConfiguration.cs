namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>A configuration folder of one test: a provider on the simulator in process, some deployments, routes, prices and keys.</summary>
internal sealed class TestConfiguration : IDisposable
{
    public const string Key = "sk-test-key-of-acme-search-0123456789";
    public const string OtherKey = "sk-test-key-of-globex-mail-0123456789";
    public const string AdminKey = "admin-key-of-the-functional-tests";

    private readonly string _root = Directory.CreateTempSubdirectory("llmgateway-").FullName;

    /// <param name="faults">Routes by name to the simulator's model with that fault.</param>
    /// <param name="failover">Of every route. One attempt, so that a test sees what one failure does.</param>
    public TestConfiguration(
        IReadOnlyDictionary<string, string>? faults = null,
        string more = "",
        string timeouts = "{ connect: 20s, first_event: 20s, idle: 20s, total: 60s }",
        string failover = "{ attempts: 1 }")
    {
        faults ??= new Dictionary<string, string>();
        Directory.CreateDirectory(Path.Combine(_root, "config"));
        File.WriteAllText(Path.Combine(_root, "config", "acme.key"), Key);
        File.WriteAllText(Path.Combine(_root, "config", "globex.key"), OtherKey);
        Write($$"""
            server: { urls: ["http://127.0.0.1:0"], max_request_body: 1MB }
            logging: { level: warning }
            providers:
              sim: { dialect: openai, base_url: builtin, timeouts: {{timeouts}} }
              nobody: { dialect: openai, base_url: "http://127.0.0.1:9/v1", credentials: none, timeouts: {{timeouts}} }
              locked: { dialect: openai, base_url: "http://127.0.0.1:9/v1", credentials: [ { key: "${env:LLMGATEWAY_TEST_UNSET}" } ] }
            deployments:
              sim/small: { model: sim-small, context: 128000, max_output: 16384, capabilities: [tools, vision, json_schema, json_object] }
              sim/embedding: { model: sim-embedding, capabilities: [embeddings] }
              sim/unpriced: { model: sim-large }
              nobody/model: { model: any }
              locked/model: { model: any }
            {{Lines(faults, fault => $"  sim/{fault.Key}: {{ model: \"sim-small!{fault.Value}\", price: sim/sim-small }}")}}
            routes:
              chat: { deployments: [sim/small], failover: {{failover}} }
              embed: { deployments: [sim/embedding], failover: {{failover}} }
              free: { deployments: [sim/unpriced], failover: {{failover}} }
              strict: { deployments: [sim/unpriced], failover: {{failover}}, unpriced: refuse }
              down: { deployments: [nobody/model], failover: {{failover}} }
              locked: { deployments: [locked/model], failover: {{failover}} }
              secret: { deployments: [sim/small], failover: {{failover}} }
            {{Lines(faults, fault => $"  {fault.Key}: {{ deployments: [sim/{fault.Key}], failover: {failover} }}")}}
            prices:
              sim/sim-small: [ { from: 2026-01-01, currency: USD, per: 1000000, input: 1, cached_input: 0.1, output: 4, source: "made up for tests" } ]
              sim/sim-embedding: [ { from: 2026-01-01, currency: CNY, per: 1000000, input: 0.5, output: 0, source: "made up for tests" } ]
              nobody/any: [ { from: 2026-01-01, currency: USD, per: 1000000, input: 1, output: 4, source: "made up for tests" } ]
            tenants:
              acme: { projects: { search: { keys: [ { name: ci, key: "${file:acme.key}" } ] } } }
              globex: { projects: { mail: { keys: [ { name: app, key: "${file:globex.key}", routes: [chat, "emb*"] } ] } } }
            {{more}}
            """);
    }

    public string GatewayYaml => Path.Combine(_root, "config", "gateway.yaml");

    public string DataFolder => Path.Combine(_root, "data");

    public void Write(string yaml) => File.WriteAllText(GatewayYaml, yaml);

    public string Read() => File.ReadAllText(GatewayYaml);

    /// <summary>Changes a piece of the configuration that must be there.</summary>
    public TestConfiguration Edit(string old, string with)
    {
        var yaml = Read();
        Assert.Contains(old, yaml, StringComparison.Ordinal);
        Write(yaml.Replace(old, with, StringComparison.Ordinal));
        return this;
    }

    /// <summary>Provider <c>nobody</c>, where route <c>down</c> leads, becomes somebody.</summary>
    /// <param name="settings">Its credentials and, where it matters, its profile.</param>
    public TestConfiguration WithUpstream(Uri baseUrl, string settings = "credentials: none") => Edit(
        "nobody: { dialect: openai, base_url: \"http://127.0.0.1:9/v1\", credentials: none",
        $"nobody: {{ dialect: openai, base_url: \"{baseUrl}\", {settings}");

    /// <summary>Writes a secret beside the configuration, for <c>${file:NAME}</c>.</summary>
    public TestConfiguration WithSecret(string name, string secret)
    {
        File.WriteAllText(Path.Combine(_root, "config", name), secret);
        return this;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Lines(IReadOnlyDictionary<string, string> faults, Func<KeyValuePair<string, string>, string> line) =>
        string.Join('\n', faults.Select(line));
}

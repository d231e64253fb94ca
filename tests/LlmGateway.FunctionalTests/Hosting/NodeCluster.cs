namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>
/// Several gateway processes on one configuration, each with a data folder of its own. With <c>${env:GATEWAY_REDIS}</c> and
/// <c>${env:GATEWAY_POSTGRES}</c> in the configuration, as in config/two-nodes, they share what is given here.
/// </summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    /// <summary>What makes of a configuration that of a cluster.</summary>
    public const string Shared = """

        redis: { connection: "${env:GATEWAY_REDIS}" }
        postgres: { connection: "${env:GATEWAY_POSTGRES}" }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly CancellationTokenSource _patience = new(Patience);

    private NodeCluster(IReadOnlyList<Node> nodes, string? postgres) => (Nodes, Postgres) = (nodes, postgres);

    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Connection string of the database that the nodes share; null where each has its own.</summary>
    public string? Postgres { get; }

    /// <summary>Starts the nodes one after the other: they may have migrations to run.</summary>
    /// <param name="redis">Connection string; null for none.</param>
    /// <param name="postgres">Connection string; null for none.</param>
    public static async Task<NodeCluster> StartAsync(TestConfiguration configuration, int count, string? redis = null, string? postgres = null)
    {
        var environment = new List<(string, string)>
        {
            ("GATEWAY_REDIS", redis ?? ""),
            ("GATEWAY_POSTGRES", postgres ?? ""),
            ("LLMGATEWAY_ADMIN_KEY", TestConfiguration.AdminKey),
            ("LLMGATEWAY_KEY_HASH_SECRET", "the-hash-secret-that-all-nodes-of-a-test-share"),
        };
        var nodes = Enumerable.Range(1, count)
            .Select(i => new Node($"node-{i}", configuration.GatewayYaml, configuration.DataFolder + $"-{i}", environment))
            .ToList();
        var cluster = new NodeCluster(nodes, postgres);
        try
        {
            foreach (var node in nodes)
            {
                await node.StartAsync(cluster._patience.Token);
            }
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    /// <summary>Stops every node as an operator does, so that what they hold is written.</summary>
    public async Task TerminateAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(Nodes.Select(async node => Assert.True(await node.TerminateAsync(cancellation) == 0, node.Output)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        _patience.Dispose();
    }
}

using LlmGateway.FunctionalTests.Hosting;
using Xunit.Abstractions;

namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>Two nodes are stopped and started again, one after the other, while clients ask.</summary>
[Collection(Heavy.Name)]
public sealed class RollingUpgradeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task No_request_fails_and_every_one_is_booked_once()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var redis = await RedisServer.StartAsync();
        using var postgres = await PostgresServer.StartAsync();
        using var configuration = new TestConfiguration(more: NodeCluster.Shared)
            .Edit("deployments: [sim/small]", "deployments: [sim/paced]")
            .Edit("  sim/small:", "  sim/paced: { model: \"sim-small!pace=5ms,tokens=40\", price: sim/sim-small }\n  sim/small:")
            .Edit("max_request_body: 1MB", "max_request_body: 1MB, grace: 2s, drain: 1m");
        await using var cluster = await NodeCluster.StartAsync(configuration, 2, redis.ConnectionString, await postgres.CreateDatabaseAsync("upgrade"));
        await using var load = new ClusterLoad(cluster, clients: 12, patience.Token);
        await load.CompleteAsync(100);
        for (var i = 0; i < cluster.Nodes.Count; i++)
        {
            Assert.True(await cluster.Nodes[i].TerminateAsync(patience.Token) == 0, cluster.Nodes[i].Output);
            await load.CompleteAsync(50);
            await cluster.Nodes[i].StartAsync(patience.Token);
            await load.UntilAsync(i, ready: true);
            await load.CompleteAsync(100);
        }

        await load.StopAsync();
        await cluster.TerminateAsync(patience.Token);
        output.WriteLine($"{load.Completed.Count} requests completed");

        Assert.Empty(load.Failed);
        var rows = await Book.ReadAsync(cluster);
        Book.Check(rows, load.Completed);
        Assert.Equal(load.Completed.Count, rows.Count);
    }
}

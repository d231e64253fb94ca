using Dapper;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>Every row arrives in PostgreSQL, and once, whatever happens to it meanwhile; and the roll-ups say what the rows say.</summary>
public sealed class ShippingTests
{
    /// <summary>What the roll-ups must say, made from the rows; and what they do say. Nothing is left when they agree.</summary>
    private const string Differences =
        """
        WITH scan AS (
          SELECT date_trunc('hour', started_at, 'UTC') AS hour, node, tenant, project, key_id, route, deployment, provider, COALESCE(model_answered, model_asked) AS model, currency,
            SUM(CASE WHEN attempt = 1 THEN 1 ELSE 0 END) AS requests, COUNT(*) AS attempts, COUNT(*) FILTER (WHERE error_class <> 'cancelled') AS errors,
            COUNT(*) FILTER (WHERE cache_status = 'hit') AS cache_hits, COALESCE(SUM(input_tokens), 0) AS input_tokens, COALESCE(SUM(output_tokens), 0) AS output_tokens,
            COUNT(*) FILTER (WHERE price_status = 'unpriced') AS unpriced_attempts, COUNT(*) FILTER (WHERE usage_source = 'estimated') AS estimated_attempts,
            SUM(cost) AS cost, SUM(cache_saving) AS cache_saving
          FROM ledger GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        ), kept AS (
          SELECT hour, node, tenant, project, key_id, route, deployment, provider, model, currency, requests, attempts, errors, cache_hits, input_tokens, output_tokens,
            unpriced_attempts, estimated_attempts, cost, cache_saving FROM ledger_hourly
        )
        SELECT (SELECT COUNT(*) FROM (SELECT * FROM scan EXCEPT SELECT * FROM kept) AS missing) + (SELECT COUNT(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM scan) AS extra)
        """;

    [Fact]
    public async Task Rows_arrive_as_they_were_and_what_cannot_be_stored_is_substituted()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(2_000);
        using (var sqlite = node.Sqlite.Open())
        {
            var before = sqlite.QuerySingle<(string, string, string?)>("SELECT operation_id, started_at, cost FROM ledger WHERE request_id = 'node-1-7'");
            await node.StartAsync();
            await node.EmptyAsync();
            Assert.Equal(before.Item1, (await server.ScalarAsync<Guid>("SELECT operation_id FROM ledger WHERE request_id = 'node-1-7'")).ToString());
            Assert.Equal(before.Item2, await server.ScalarAsync<string>(
                "SELECT to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM ledger WHERE request_id = 'node-1-7'"));
            Assert.Equal(before.Item3, await server.ScalarAsync<string>("SELECT cost::text FROM ledger WHERE request_id = 'node-1-7'"));
        }

        Assert.Equal(2_000, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger"));
        Assert.Equal(0, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger_default"));
        Assert.Equal("b\u001Ac", await server.ScalarAsync<string>("SELECT DISTINCT tags ->> 'team' FROM ledger WHERE tags ? 'half'"));
        Assert.True(await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger WHERE user_id LIKE 'u' || chr(26) || '%'") > 0);
        Assert.Equal(0, await server.ScalarAsync<long>(Differences));
        Assert.True(node.States.IsUp("postgres") && node.States.All.Count == 1);
    }

    [Fact]
    public async Task A_row_that_the_server_refuses_goes_without_what_it_refuses_and_holds_no_other_back()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(1_000);
        using (var sqlite = node.Sqlite.Open())
        {
            sqlite.Execute("UPDATE ledger SET tags = '{\"team\":' WHERE request_id IN ('node-1-300', 'node-1-301', 'node-1-999')");
        }

        await node.StartAsync();
        await node.EmptyAsync();
        Assert.Equal(1_000, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger"));
        Assert.Equal(3, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger WHERE tags ->> 'gateway.tags' = 'lost'"));
        Assert.Equal(0, await server.ScalarAsync<long>(Differences));
    }

    [Fact]
    public async Task Killed_stopped_and_away_at_the_start_it_gets_every_row_once()
    {
        const int Rows = 20_000;
        using var server = PostgresServer.Prepare();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(Rows / 2);
        await node.StartAsync();
        await UntilAsync(() => !node.States.IsUp("postgres"));
        await server.RestartAsync();

        await UntilAsync(() => node.Waiting() < Rows / 2);
        await server.KillAsync();
        node.Book(Rows / 2, seed: 2);
        await server.RestartAsync();

        var left = node.Waiting();
        await UntilAsync(() => node.Waiting() < left);
        server.Stop();
        await UntilAsync(() => !node.States.IsUp("postgres"));
        server.Continue();
        await node.EmptyAsync();

        Assert.Equal(Rows, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger"));
        Assert.Equal(Rows, await server.ScalarAsync<long>("SELECT COUNT(DISTINCT request_id) FROM ledger"));
        Assert.Equal(0, await server.ScalarAsync<long>(Differences));
        await UntilAsync(() => node.States.IsUp("postgres"));
    }

    [Fact]
    public async Task A_batch_that_comes_again_counts_once()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(1_500);
        using var sqlite = node.Sqlite.Open();
        sqlite.Execute("CREATE TABLE copy AS SELECT * FROM ledger");
        await node.StartAsync();
        await node.EmptyAsync();
        await node.StopAsync();

        // As after a crash between the commit there and the removal here.
        var columns = string.Join(", ", LlmGateway.Ledger.LedgerCells.IntentColumns.Concat(LlmGateway.Ledger.LedgerCells.SettlementColumns));
        sqlite.Execute($"INSERT INTO ledger ({columns}) SELECT {columns} FROM copy");
        node.Book(10, seed: 3);
        await node.StartAsync();
        await node.EmptyAsync();
        Assert.Equal(1_510, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger"));
        Assert.Equal(0, await server.ScalarAsync<long>(Differences));
    }

    [Fact]
    public async Task Several_nodes_ship_at_once()
    {
        using var server = await PostgresServer.StartAsync();
        var nodes = Enumerable.Range(1, 3).Select(number => new ShippingNode(server.ConnectionString, $"n{number}")).ToList();
        foreach (var (index, node) in nodes.Index())
        {
            node.Book(4_000, seed: index + 10);
        }

        await Task.WhenAll(nodes.ConvertAll(static node => node.StartAsync()));
        await Task.WhenAll(nodes.ConvertAll(static node => node.EmptyAsync()));
        Assert.Equal(12_000, await server.ScalarAsync<long>("SELECT COUNT(DISTINCT request_id) FROM ledger"));
        Assert.Equal(0, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger_default"));
        Assert.Equal(0, await server.ScalarAsync<long>(Differences));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_is_left_at_the_end_is_brought_over()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString, options: new() { ShipRows = 100, ShipInterval = TimeSpan.FromDays(1) });
        await node.StartAsync();
        await UntilAsync(() => node.States.All.Count == 1);
        node.Book(1_000);
        await node.StopAsync();
        Assert.Equal(0, node.Waiting());
        Assert.Equal(1_000, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger"));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = Environment.TickCount64 + 120_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < end);
            await Task.Yield();
        }
    }
}

using System.Net;
using System.Text.Json;
using DbUp.Engine;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit.Abstractions;

namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>
/// A node of the version that comes next has brought PostgreSQL up to its schema, under load: nodes of this version go on with it, one that starts
/// finds it newer than itself, and rows that the newer node writes are in everybody's reports. What the next version may do is what migrations may:
/// add tables, indexes, and columns that have a default.
/// </summary>
[Collection(Heavy.Name)]
public sealed class MixedVersionsTests(ITestOutputHelper output)
{
    private const string Next = """
        ALTER TABLE ledger ADD COLUMN later text, ADD COLUMN later_count bigint NOT NULL DEFAULT 0;
        ALTER TABLE ledger_hourly ADD COLUMN later_count bigint NOT NULL DEFAULT 0;
        ALTER TABLE ledger_state ADD COLUMN later text;
        ALTER TABLE virtual_keys ADD COLUMN later text NOT NULL DEFAULT '';
        ALTER TABLE key_secrets ADD COLUMN later text;
        ALTER TABLE admin_audit ADD COLUMN later text;
        ALTER TABLE stored_state ADD COLUMN later text NOT NULL DEFAULT '';
        ALTER TABLE webhook_claims ADD COLUMN later text;
        CREATE TABLE later (id bigint PRIMARY KEY);
        CREATE INDEX later_tenant ON ledger (tenant);
        """;

    /// <summary>As the shipper of the next version would write it: a row, and what it adds to its own sums.</summary>
    private const string RowOfNext = """
        INSERT INTO ledger (operation_id, attempt, cause, tenant, project, key_id, tags, dialect, endpoint, route, stream, started_at, finished_at, status, input_tokens,
          output_tokens, usage_source, price_status, cache_status, node, schema, later, later_count)
        VALUES (gen_random_uuid(), 1, 'primary', 'acme', 'search', 'key_of_next', '{}', 'openai', 'chat.completions', 'chat', false, now(), now(), 200, 1000000,
          1, 'measured', 'unpriced', 'off', 'node-of-next', 2, 'something', 1);
        INSERT INTO ledger_hourly (hour, node, tenant, project, key_id, route, requests, attempts, errors, cache_hits, input_tokens, cached_input_tokens,
          cache_write_tokens, output_tokens, reasoning_tokens, unpriced_attempts, estimated_attempts, later_count)
        VALUES (date_trunc('hour', now(), 'UTC'), 'node-of-next', 'acme', 'search', 'key_of_next', 'chat', 1, 1, 0, 0, 1000000, 0, 0, 1, 0, 1, 0, 1)
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Nodes_of_this_version_go_on_where_one_of_the_next_has_brought_the_schema_up()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var redis = await RedisServer.StartAsync();
        using var postgres = await PostgresServer.StartAsync();
        using var configuration = new TestConfiguration(more: NodeCluster.Shared);
        var shared = await postgres.CreateDatabaseAsync("mixed");
        await using var cluster = await NodeCluster.StartAsync(configuration, 2, redis.ConnectionString, shared);
        await using var load = new ClusterLoad(cluster, clients: 6, patience.Token);
        await load.CompleteAsync(100);

        await using var source = NpgsqlDataSource.Create(shared);
        await PostgresMigrations.ApplyAsync(source, [.. PostgresMigrations.Scripts(), new SqlScript("9999-next.sql", Next)], NullLogger.Instance);
        await using (var row = source.CreateCommand(RowOfNext))
        {
            await row.ExecuteNonQueryAsync(patience.Token);
        }

        await load.CompleteAsync(100);

        // One starts anew, as after a crash, and meets what it does not know.
        await cluster.Nodes[0].KillAsync();
        await load.UntilAsync(0, ready: false);
        await load.CompleteAsync(20);
        var lost = load.Failed.Count;
        await cluster.Nodes[0].StartAsync(patience.Token);
        await load.UntilAsync(0, ready: true);
        await load.CompleteAsync(100);

        // A key that one makes works at the other, and is written with what the next version has added.
        var key = await MakeKeyAsync(cluster.Nodes[1], patience.Token);
        while (await AskAsync(cluster.Nodes[0], key, patience.Token) == HttpStatusCode.Unauthorized)
        {
            await Task.Yield();
        }

        await load.StopAsync();
        Assert.Contains(cluster.Nodes, static node => node.Output.Contains("9999-next.sql is unknown here", StringComparison.Ordinal));
        Assert.Equal(lost, load.Failed.Count);
        Assert.All(load.Failed, failed => Assert.Equal("node-1", failed.Node));

        // Both nodes tell the same, and of each row once: of their own, of each other's, and of that of the next version.
        foreach (var node in cluster.Nodes)
        {
            long requests, tokens;
            do
            {
                (requests, tokens) = await UsageAsync(node, patience.Token);
            }
            while (tokens <= 1_000_000 || requests < load.Completed.Count + 2);

            output.WriteLine($"{load.Completed.Count} requests completed, {lost} lost with the node that was killed; {node.Name} tells of {requests}");
            Assert.InRange(requests, load.Completed.Count + 2, load.Completed.Count + 2 + lost);
        }

        await cluster.TerminateAsync(patience.Token);
        var rows = (await Book.ReadAsync(cluster)).Where(static row => row.RequestId is not null).ToList();
        Book.Check(rows, load.Completed);
        await using var keys = source.CreateCommand("SELECT COUNT(*) FROM virtual_keys WHERE name = 'mixed' AND later = ''");
        Assert.Equal(1L, await keys.ExecuteScalarAsync(patience.Token));
    }

    private static async Task<string> MakeKeyAsync(Node node, CancellationToken patience)
    {
        using var made = await SendAsync(node, HttpMethod.Post, "admin/v1/keys", TestConfiguration.AdminKey, """{"tenant":"acme","project":"search","name":"mixed"}""", patience);
        var text = await made.Content.ReadAsStringAsync(patience);
        Assert.True(made.StatusCode is HttpStatusCode.Created, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("key").GetString()!;
    }

    private static async Task<HttpStatusCode> AskAsync(Node node, string key, CancellationToken patience)
    {
        using var answer = await SendAsync(node, HttpMethod.Post, "v1/chat/completions", key, TestGateway.ChatBody(), patience);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Unauthorized });
        return answer.StatusCode;
    }

    private static async Task<(long Requests, long Tokens)> UsageAsync(Node node, CancellationToken patience)
    {
        using var answer = await SendAsync(node, HttpMethod.Get, "admin/v1/usage?group_by=tenant&tenant=acme", TestConfiguration.AdminKey, null, patience);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience));
        var row = json.RootElement.GetProperty("rows").EnumerateArray().Single();
        return (row.GetProperty("requests").GetInt64(), row.GetProperty("input_tokens").GetInt64());
    }

    private static async Task<HttpResponseMessage> SendAsync(Node node, HttpMethod method, string path, string key, string? body, CancellationToken patience)
    {
        using var client = new HttpClient { BaseAddress = node.Address };
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, null, "application/json") };
        request.Headers.Authorization = new("Bearer", key);
        return await client.SendAsync(request, patience);
    }
}

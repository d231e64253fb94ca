using System.Net;
using System.Text;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Reports.Closing;

namespace LlmGateway.FunctionalTests.Closing;

/// <summary>Two gateway processes on one PostgreSQL, asked for the same.</summary>
public sealed class TwoNodesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static string Month => Period.Of(TimeProvider.System.GetUtcNow()).ToString();

    [Fact]
    public async Task A_month_is_closed_and_corrected_once_by_whichever_node_is_asked()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var postgres = await PostgresServer.StartAsync();
        using var configuration = new TestConfiguration(more: """

            postgres: { connection: "${env:GATEWAY_POSTGRES}" }
            """);
        var shared = await postgres.CreateDatabaseAsync("closing");
        await using var cluster = await NodeCluster.StartAsync(configuration, 2, postgres: shared);
        using var client = new HttpClient();
        foreach (var node in cluster.Nodes.Concat(cluster.Nodes))
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(node, HttpMethod.Post, "v1/chat/completions", TestGateway.ChatBody(), TestConfiguration.Key)).Status);
        }

        await UntilAsync("SELECT COUNT(*) FROM ledger", 4);
        var correction = $$"""{"tenant":"acme","project":"search","amount":"-1","currency":"USD","period":"{{Month}}","reason":"x","reference":"credit-1"}""";
        var booked = await Task.WhenAll(Enumerable.Range(0, 6).Select(index => AdminAsync(index, HttpMethod.Post, "corrections", correction)));
        Assert.Equal((1, 5), (booked.Count(static answer => answer.Status is HttpStatusCode.Created), booked.Count(static answer => answer.Status is HttpStatusCode.OK)));
        Assert.Single(booked.Select(static answer => answer.Text).Distinct());

        var closes = await Task.WhenAll(Enumerable.Range(0, 2).Select(index => AdminAsync(index, HttpMethod.Post, $"periods/{Month}/close", """{"force":true}""")));
        Assert.All(closes, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(closes.Select(static answer => answer.Text).Distinct());
        Assert.Equal(5, JsonDocument.Parse(closes[0].Text).RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(1, await ScalarAsync("SELECT COUNT(*) FROM admin_audit WHERE action = 'period.close'"));
        Assert.Equal(1, await ScalarAsync("SELECT COUNT(*) FROM admin_audit WHERE action = 'correction.book'"));

        await SendAsync(cluster.Nodes[1], HttpMethod.Post, "v1/chat/completions", TestGateway.ChatBody(), TestConfiguration.Key);
        await UntilAsync("SELECT COUNT(*) FROM ledger WHERE late", 1);
        var period = JsonDocument.Parse((await AdminAsync(0, HttpMethod.Get, $"periods/{Month}")).Text).RootElement;
        Assert.True(period.GetProperty("intact").GetBoolean());
        Assert.Equal(1, period.GetProperty("late").GetProperty("rows").GetInt64());

        // Each says what is on its way, and takes that back when it stops with nothing left.
        await UntilAsync("SELECT COUNT(*) FROM ledger_outboxes WHERE oldest IS NULL", 2);
        await cluster.TerminateAsync(patience.Token);
        Assert.Equal(0, await ScalarAsync("SELECT COUNT(*) FROM ledger_outboxes"));

        Task<(HttpStatusCode Status, string Text)> AdminAsync(int index, HttpMethod method, string path, string? body = null) =>
            SendAsync(cluster.Nodes[index % 2], method, "admin/v1/" + path, body, TestConfiguration.AdminKey);

        async Task<(HttpStatusCode Status, string Text)> SendAsync(Node node, HttpMethod method, string path, string? body, string key)
        {
            using var request = new HttpRequestMessage(method, new Uri(node.Address, path));
            request.Headers.Authorization = new("Bearer", key);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await client.SendAsync(request, patience.Token);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(patience.Token));
        }

        async Task<long> ScalarAsync(string sql)
        {
            await using var connection = new Npgsql.NpgsqlConnection(shared);
            await connection.OpenAsync(patience.Token);
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync(patience.Token))!;
        }

        async Task UntilAsync(string sql, long value)
        {
            while (await ScalarAsync(sql) != value)
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }
}

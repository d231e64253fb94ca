using System.Net;
using System.Text.Json;
using Dapper;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Storage;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>PostgreSQL's outage is not the gateway's; what it means for reports and for the disk is said.</summary>
public sealed class PostgresOutageTests
{
    [Fact]
    public async Task A_gateway_that_starts_without_PostgreSQL_serves_and_brings_its_rows_over_when_it_comes()
    {
        using var server = PostgresServer.Prepare();
        using var configuration = Configuration(server);
        await using var gateway = await TestGateway.StartAsync(configuration);
        using (var answer = await gateway.ChatAsync())
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var down = await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_ledger_outbox_rows", "") == 1);
        Assert.Equal(0, down.Sum("llmgateway_dependency_up", "dependency=\"postgres\""));
        using (var refused = await UsageAsync(gateway))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            var error = await TestGateway.ErrorAsync(refused);
            Assert.Equal("ledger_unavailable", error.GetProperty("code").GetString());
            Assert.Contains("PostgreSQL does not answer", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        await server.RestartAsync();
        await gateway.ScrapeUntilAsync(static scrape =>
            scrape.Sum("llmgateway_ledger_outbox_rows", "") == 0 && scrape.Sum("llmgateway_dependency_up", "dependency=\"postgres\"") == 1);
        Assert.Equal(1, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger WHERE tenant = 'acme' AND cost > 0"));
        using var report = await UsageAsync(gateway);
        Assert.Equal(1, JsonDocument.Parse(await report.Content.ReadAsStringAsync()).RootElement.GetProperty("rows")[0].GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task Rows_that_wait_are_bounded_and_beyond_the_bound_requests_are_refused_before_they_are_sent()
    {
        using var server = PostgresServer.Prepare();
        using var configuration = Configuration(server, "data: { max_outbox: 1MB }");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var answered = 1;
        using (var answer = await gateway.ChatAsync())
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        // As after hours without PostgreSQL.
        using (var sqlite = new SqliteDatabase(configuration.DataFolder).Open())
        {
            sqlite.Execute(
                """
                INSERT INTO ledger (operation_id, attempt, cause, tags, dialect, endpoint, stream, started_at, finished_at, usage_source, price_status, cache_status, node, schema, request_id)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
                SELECT FORMAT('00000000-0000-7000-8000-%012d', i), 1, 'primary', '{}', 'openai', 'chat.completions', 0, '2026-11-23T12:00:00.000000Z',
                  '2026-11-23T12:00:00.000000Z', 'measured', 'unpriced', 'off', 'n', 1, HEX(RANDOMBLOB(100)) FROM n
                """);
        }

        HttpResponseMessage response;
        while ((response = await gateway.ChatAsync()).IsSuccessStatusCode)
        {
            answered++;
            response.Dispose();
        }

        Assert.Equal("ledger_unavailable", (await TestGateway.ErrorAsync(response)).GetProperty("code").GetString());
        var last = gateway.Simulator.Requests.Snapshot()[^1];
        using (var refused = await gateway.ChatAsync())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        Assert.Same(last, gateway.Simulator.Requests.Snapshot()[^1]);
        using (var ready = await gateway.Client.GetAsync(new Uri("readyz", UriKind.Relative), gateway.Soon))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("data.max_outbox", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await server.RestartAsync();
        while (!(response = await gateway.ChatAsync()).IsSuccessStatusCode)
        {
            response.Dispose();
        }

        await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_ledger_shipped_total", "") >= answered + 4_001);
        Assert.Equal(answered + 4_001, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger"));
    }

    [Fact]
    public async Task An_exchange_is_found_where_its_row_is()
    {
        using var server = await PostgresServer.StartAsync();
        using var configuration = Configuration(server);
        string id;
        await using (var gateway = await TestGateway.StartAsync(configuration))
        {
            using var answer = await gateway.ChatAsync();
            id = Assert.Single(answer.Headers.GetValues("x-gateway-operation-id"));
        }

        // Brought over at the end of the one, and not remembered by the other.
        await using var next = await TestGateway.StartAsync(configuration);
        using var found = await AdminAsync(next, $"exchanges/{id}");
        var exchange = JsonDocument.Parse(await found.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(id, exchange.GetProperty("operation_id").GetString());
        Assert.Equal("sim/small", exchange.GetProperty("attempts")[0].GetProperty("deployment").GetString());
        Assert.Empty(next.Rows());
    }

    private static TestConfiguration Configuration(PostgresServer server, string more = "") =>
        new TestConfiguration(more: "postgres: { connection: \"${file:postgres.txt}\" }\n" + more).WithSecret("postgres.txt", server.ConnectionString);

    private static Task<HttpResponseMessage> UsageAsync(TestGateway gateway) => AdminAsync(gateway, "usage?from=2020-01-01&group_by=tenant");

    private static async Task<HttpResponseMessage> AdminAsync(TestGateway gateway, string path)
    {
        var key = await File.ReadAllTextAsync(Path.Combine(gateway.Configuration.DataFolder, "admin.key"), gateway.Soon);
        using var request = new HttpRequestMessage(HttpMethod.Get, "admin/v1/" + path) { Headers = { Authorization = new("Bearer", key.Trim()) } };
        return await gateway.Client.SendAsync(request, gateway.Soon);
    }
}

using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

/// <summary><c>POST reconcile</c> over a ledger in SQLite alone, and over one in PostgreSQL.</summary>
public class ReconcileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_invoice_that_says_more_is_told_with_the_rows_behind_it(bool shared)
    {
        using var postgres = shared ? await PostgresServer.StartAsync() : null;
        using var configuration = new TestConfiguration(more: shared ? "postgres: { connection: \"${file:postgres}\" }" : "");
        if (postgres is not null)
        {
            configuration.WithSecret("postgres", postgres.ConnectionString);
        }

        AddMapping(configuration);
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var answer = await gateway.ChatAsync();
        var row = (await gateway.WaitForRowsAsync(1))[0];
        if (shared)
        {
            await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_ledger_shipped_total") == 1);
        }

        var (input, output) = ((long)row["input_tokens"]!, (long)row["output_tokens"]!);
        var day = ((string)row["started_at"]!)[..10];
        string Export(long outputTokens) => $"day,model,input,output,cost,currency\n{day},sim-small,{input},{outputTokens},{row["cost"]},USD\n";
        var admin = new AdminClient(gateway);

        var same = await admin.SendAsync(HttpMethod.Post, "reconcile?provider=sim&mapping=test", Export(output));
        var more = await admin.SendAsync(HttpMethod.Post, "reconcile?provider=sim&mapping=test&tolerance=0.01", Export(output * 4 / 3));

        Assert.Equal((HttpStatusCode.OK, 1, 0), (same.Status, same.Json.GetProperty("compared").GetInt32(), same.Json.GetProperty("drifting").GetInt32()));
        var drift = Assert.Single(more.Json.GetProperty("drifts").EnumerateArray().ToArray());

        // More tokens for the same money.
        Assert.Equal("mixed", drift.GetProperty("cause").GetString());
        Assert.Equal(row["operation_id"], drift.GetProperty("rows")[0].GetProperty("operation_id").GetString());
        Assert.Equal(row["cost"], drift.GetProperty("ledger").GetProperty("cost").GetString());
    }

    [Theory]
    [InlineData("reconcile?mapping=test", "'provider' must be")]
    [InlineData("reconcile?provider=sim", "'mapping' must be")]
    [InlineData("reconcile?provider=sim&mapping=../../gateway", "there are test")]
    [InlineData("reconcile?provider=sim&mapping=test&tolerance=much", "'tolerance' must be")]
    [InlineData("reconcile?provider=sim&mapping=test", "record 1 has no model")]
    public async Task What_cannot_be_compared_is_said(string path, string expected)
    {
        using var configuration = new TestConfiguration();
        AddMapping(configuration);
        await using var gateway = await TestGateway.StartAsync(configuration);

        var answer = await new AdminClient(gateway).SendAsync(HttpMethod.Post, path, "a,b\n1,2\n");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(expected, JsonDocument.Parse(answer.Text).RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static void AddMapping(TestConfiguration configuration)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(configuration.GatewayYaml)!, "reconcile")).FullName;
        File.WriteAllText(Path.Combine(folder, "test.yaml"), """
            format: csv
            columns: { day: [day], model: [model], input_tokens: [input], output_tokens: [output], cost: [cost], currency: [currency] }
            """);
    }
}

using System.Text;
using Dapper;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Ledger;
using LlmGateway.Reports;
using LlmGateway.Reports.Focus;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>An export from PostgreSQL and the outbox together is that of the rows, wherever they are, and adds up to the usage report.</summary>
public sealed class SharedFocusTests
{
    private static readonly (string Name, string Value)[] Days = [("from", "2026-11-20"), ("to", "2026-11-25")];

    [Fact]
    public async Task The_export_is_that_of_the_rows_with_some_here_some_there_and_some_in_both()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        await using var reference = new ShippingNode(server.ConnectionString);
        foreach (var either in new[] { node, reference })
        {
            either.Book(3_000, seed: 1, odd: false, hits: true);
        }

        using (var sqlite = node.Sqlite.Open())
        {
            sqlite.Execute("CREATE TABLE copy AS SELECT * FROM ledger WHERE id BETWEEN 2600 AND 2800");
            await node.StartAsync();
            await node.EmptyAsync();
            await node.StopAsync();
            var columns = string.Join(", ", LedgerCells.IntentColumns.Concat(LedgerCells.SettlementColumns));
            sqlite.Execute($"INSERT INTO ledger ({columns}) SELECT {columns} FROM copy ORDER BY id");
        }

        foreach (var either in new[] { node, reference })
        {
            either.Book(700, seed: 2, odd: false, hits: true);
        }

        var (shared, local) = (new FocusLedger(node.Sqlite, node.Postgres), new FocusLedger(reference.Sqlite, postgres: null));
        foreach (var tags in new[] { "", "team", "team,x", "*" })
        {
            var lines = await LinesAsync(local, tags);
            Assert.Equal(lines, await LinesAsync(shared, tags));
            Assert.True(lines.Count > 50);
        }

        foreach (var (ledger, usage) in new[] { (shared, new UsageLedger(node.Sqlite, node.Postgres)), (local, new UsageLedger(reference.Sqlite, postgres: null)) })
        {
            var report = await ReportAsync(usage);
            Assert.Equal(3, report.Count);
            Assert.Equal(report, await CostsAsync(ledger, ""));
            Assert.Equal(report, await CostsAsync(ledger, "*"));
        }
    }

    [Fact]
    public async Task The_sums_of_days_that_retention_removed_are_brought_over_with_their_parts()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        await using var reference = new ShippingNode(server.ConnectionString);
        foreach (var either in new[] { node, reference })
        {
            either.Book(1_000, seed: 1, odd: false);
        }

        using (var rollUps = new LlmGateway.Ledger.Sqlite.SqliteRollUps(node.Sqlite))
        {
            Assert.True(rollUps.Step());
            while (rollUps.Forget("2026-11-22T00:00:00.000000Z"))
            {
            }
        }

        await node.StartAsync();
        await node.EmptyAsync();
        await node.StopAsync();
        Assert.Equal(await LinesAsync(new FocusLedger(reference.Sqlite, postgres: null), ""), await LinesAsync(new FocusLedger(node.Sqlite, node.Postgres), ""));
    }

    private static FocusQuery Query(string tags) =>
        FocusQueryReader.Read(Days.Append(("tags", tags)).Select(static parameter => KeyValuePair.Create(parameter.Item1, (IReadOnlyList<string>)[parameter.Item2])), TimeProvider.System);

    private static async Task<List<string>> LinesAsync(FocusLedger ledger, string tags)
    {
        await using var reading = await ledger.OpenAsync(Query(tags), new Dictionary<string, FocusProvider>(), default);
        using var stream = new MemoryStream();
        await FocusFormat.Csv.WriteAsync(stream, reading, bom: false, default);
        return [.. Encoding.UTF8.GetString(stream.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task<SortedDictionary<string, decimal>> CostsAsync(FocusLedger ledger, string tags)
    {
        var costs = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        await using var reading = await ledger.OpenAsync(Query(tags), new Dictionary<string, FocusProvider>(), default);
        await foreach (var charge in reading.ChargesAsync(default))
        {
            costs[charge.Currency.Code] = costs.GetValueOrDefault(charge.Currency.Code) + charge.Cost;
        }

        return costs;
    }

    private static async Task<SortedDictionary<string, decimal>> ReportAsync(UsageLedger ledger)
    {
        var query = UsageQueryReader.Read(Days.Select(static parameter => KeyValuePair.Create(parameter.Name, (IReadOnlyList<string>)[parameter.Value])), TimeProvider.System);
        await using var reading = await ledger.OpenAsync(query, default);
        return new SortedDictionary<string, decimal>(
            reading.Rows.Where(static row => row.Cost is not null).ToDictionary(static row => row.Cost!.Value.Currency.Code, static row => row.Cost!.Value.Amount), StringComparer.Ordinal);
    }
}

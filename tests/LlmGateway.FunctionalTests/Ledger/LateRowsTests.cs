using System.Globalization;
using Dapper;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Reports;
using Microsoft.Data.Sqlite;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>Rows that are sent twice or late: after a kill, and after retention has removed what they were.</summary>
public sealed class LateRowsTests
{
    private static readonly string Columns = string.Join(", ", LedgerCells.IntentColumns.Concat(LedgerCells.SettlementColumns));
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-20T00:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_batch_that_comes_again_after_its_days_were_removed_is_in_the_sums_once()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(300, start: Start, span: TimeSpan.FromDays(2), odd: false);
        using var sqlite = node.Sqlite.Open();
        await ShipAndKeepAsync(node, sqlite);
        await using (var connection = await node.Postgres.OpenAsync(default))
        {
            Assert.Equal(2, await node.Partitions.DropBeforeAsync(connection, new DateOnly(2026, 11, 22), default));
        }

        PutBack(sqlite, "true");
        node.Book(10, seed: 2, start: Start.AddDays(2), span: TimeSpan.FromHours(1), odd: false);
        Assert.Equal(310, await CountAsync(node));
        await node.StartAsync();
        await node.EmptyAsync();
        Assert.Equal(310, await server.ScalarAsync<decimal>("SELECT SUM(attempts) FROM ledger_hourly"));
        Assert.Equal(10, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger"));
        Assert.Equal(310, await CountAsync(node));
    }

    [Fact]
    public async Task What_a_kill_brought_back_is_counted_once_though_it_stands_among_rows_that_wait()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(300, start: Start, span: TimeSpan.FromDays(2), odd: false);
        using var sqlite = node.Sqlite.Open();
        await ShipAndKeepAsync(node, sqlite);

        // As a start leaves it that found committed, shipped rows in its slots: some within the first look at the outbox, some beyond.
        node.Book(700, seed: 2, start: Start, span: TimeSpan.FromDays(2), odd: false);
        PutBack(sqlite, "id <= 5");
        Assert.Equal(1_000, await CountAsync(node));
        node.Book(900, seed: 3, start: Start, span: TimeSpan.FromDays(2), odd: false);
        var first = sqlite.ExecuteScalar<long>("SELECT MAX(id) + 1 FROM ledger");
        PutBack(sqlite, "id > 5 AND id <= 20");
        sqlite.Execute($"INSERT INTO ledger_state (name, value) VALUES ('recovered_from', {first}), ('recovered_to', {first + 14})");
        Assert.Equal(1_900, await CountAsync(node));
        await node.StartAsync();
        await node.EmptyAsync();
        Assert.Equal(1_900, await CountAsync(node));
    }

    [Fact]
    public async Task Sums_of_rows_that_SQLite_no_longer_had_are_brought_to_PostgreSQL_once()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(400, start: Start, span: TimeSpan.FromDays(3), hits: true);
        string before;
        using var sqlite = node.Sqlite.Open();
        sqlite.Execute("CREATE TABLE copy AS SELECT * FROM ledger");
        using (var rollUps = new SqliteRollUps(node.Sqlite))
        {
            Assert.True(rollUps.Step());
            before = await ReportAsync(new UsageLedger(node.Sqlite, postgres: null));
            while (rollUps.Forget("2026-11-22T00:00:00.000000Z"))
            {
            }
        }

        // As when retention is killed on its way: the sums of these rows are in the roll-ups, and the rows are still there.
        PutBack(sqlite, "started_at < '2026-11-20T12:00:00.000000Z' AND request_id NOT IN (SELECT request_id FROM ledger)");
        sqlite.Execute("UPDATE ledger_state SET value = (SELECT MAX(id) FROM ledger) WHERE name = 'rolled_up'");
        sqlite.Execute("CREATE TABLE sums AS SELECT * FROM ledger_hourly");
        Assert.InRange(node.Waiting(), 50, 250);
        await node.StartAsync();
        await node.EmptyAsync();
        await node.StopAsync();
        Assert.Equal(before, await ReportAsync(new UsageLedger(node.Sqlite, node.Postgres)));
        Assert.Equal(0, sqlite.ExecuteScalar<long>("SELECT COUNT(*) FROM ledger_hourly"));

        // Killed between the commit there and the clearing here.
        var id = (await server.ScalarAsync<string>("SELECT name FROM ledger_state WHERE name LIKE 'handover-%'"))!["handover-".Length..];
        sqlite.Execute($"INSERT INTO ledger_hourly SELECT * FROM sums; INSERT INTO ledger_state (name, value) VALUES ('handover', '{id}')");
        await new SumsHandover(node.Sqlite, node.Postgres).RunAsync(default);
        Assert.Equal(before, await ReportAsync(new UsageLedger(node.Sqlite, node.Postgres)));
        Assert.Equal(0, sqlite.ExecuteScalar<long>("SELECT COUNT(*) FROM ledger_hourly"));
    }

    private static async Task ShipAndKeepAsync(ShippingNode node, SqliteConnection sqlite)
    {
        sqlite.Execute("CREATE TABLE copy AS SELECT * FROM ledger");
        await node.StartAsync();
        await node.EmptyAsync();
        await node.StopAsync();
    }

    private static void PutBack(SqliteConnection sqlite, string where) =>
        sqlite.Execute($"INSERT INTO ledger ({Columns}) SELECT {Columns} FROM copy WHERE {where} ORDER BY id");

    private static async Task<string> ReportAsync(UsageLedger ledger)
    {
        var query = UsageQueryReader.Read(
            [new("from", [UsageQueryReader.Text(Start)]), new("to", [UsageQueryReader.Text(Start.AddDays(4))]), new("group_by", ["hour,tenant,project,key,route,model"])],
            TimeProvider.System);
        await using var reading = await ledger.OpenAsync(query, default);
        return string.Join('\n', reading.Rows.Select(static row => $"{string.Join('|', row.Groups.Select(static group => group ?? "-"))} {string.Join(' ', row.Figures)} {row.Cost} {row.CacheSaving} {row.AnswersSaved}"));
    }

    private static async Task<long> CountAsync(ShippingNode node)
    {
        var query = UsageQueryReader.Read(
            [new("from", [UsageQueryReader.Text(Start)]), new("to", [UsageQueryReader.Text(Start.AddDays(4))]), new("group_by", ["tenant"])], TimeProvider.System);
        await using var reading = await new UsageLedger(node.Sqlite, node.Postgres).OpenAsync(query, default);
        return reading.Rows.Sum(static row => row.Figures[1]);
    }
}

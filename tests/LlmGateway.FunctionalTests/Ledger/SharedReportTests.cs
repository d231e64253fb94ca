using System.Globalization;
using CsCheck;
using Dapper;
using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Reports;
using LlmGateway.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>What is read from PostgreSQL and the outbox together is what the rows say, wherever they are.</summary>
public sealed class SharedReportTests
{
    private static readonly string[] Groups = ["tenant", "project", "key", "user", "route", "model", "provider", "deployment", "day", "hour", "tag:team"];
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-20T22:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Reports_and_spend_are_those_of_the_rows_with_some_here_some_there_and_some_in_both()
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

        var both = new UsageLedger(node.Sqlite, node.Postgres);
        Gen.Select(Gen.Int[0, Groups.Length - 1].Array[0, 3], Gen.Int[-60, 3600], Gen.Int[0, 4000], Gen.Bool).Sample(
            (groups, from, length, filtered) =>
            {
                var query = Query(Start.AddMinutes(from), Start.AddMinutes(from + length), string.Join(',', groups.Select(static group => Groups[group])), filtered ? "日本" : null);
                Assert.Equal(Read(new UsageLedger(reference.Sqlite, postgres: null), query), Read(both, query));
            },
            iter: 120,
            threads: 1);

        var (shared, rows) = (new PostgresSpendHistory(node.Postgres, node.Sqlite), new SqliteSpendHistory(reference.Sqlite));
        foreach (var fine in new[] { false, true })
        {
            foreach (var tag in new BudgetTag?[] { null, new("team", "日") })
            {
                var query = new SpendQuery("acme", "p1", null, "chat", tag, Start.AddMinutes(95), Start.AddMinutes(2_000), fine);
                var expected = (await rows.ReadAsync(query, default)).ToList();
                Assert.Equal(expected, (await shared.ReadAsync(query, default)).ToList());
                Assert.NotEmpty(expected);

                // By node the same, and nothing of it without a name.
                var apart = await shared.ReadAsync(query with { ByNode = true }, default);
                Assert.DoesNotContain(apart, static entry => entry.Node is null);
                Assert.Equal(expected, apart.GroupBy(static entry => (entry.Bucket, entry.Currency)).Select(static group => group.Aggregate(Sum) with { Node = null }));
            }
        }
    }

    [Fact]
    public async Task While_rows_go_over_a_report_counts_each_of_them_once()
    {
        const int Rows = 8_000;
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString, options: new() { ShipRows = 200 });
        node.Book(Rows);
        var both = new UsageLedger(node.Sqlite, node.Postgres);
        await (await OpenPatientlyAsync(node.Postgres)).DisposeAsync();
        await node.StartAsync();
        var reports = 0;
        do
        {
            await using var reading = await both.OpenAsync(Query(Start.AddDays(-1), Start.AddDays(9), "tenant", null), default);
            Assert.Equal(Rows, reading.Rows.Sum(static row => row.Figures[1]));
            reports++;
        }
        while (node.Waiting() > 0);
        Assert.True(reports > 3, $"{reports} reports only");
    }

    [Fact]
    public async Task Days_have_partitions_and_leave_with_them_while_their_sums_stay()
    {
        var time = new FakeTimeProvider(Start.AddDays(5));
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(1_000, start: Start, span: TimeSpan.FromDays(3), odd: false);
        node.Book(10, seed: 2, start: Start.AddYears(300), span: TimeSpan.FromDays(1), odd: false);
        await node.StartAsync();
        await node.EmptyAsync();
        Assert.Equal(10, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger_default"));

        var partitions = new LedgerPartitions(time, NullLogger.Instance);
        await using (var connection = await node.Postgres.OpenAsync(default))
        {
            await partitions.EnsureAheadAsync(connection, default);
            Assert.Equal(1, await server.ScalarAsync<long>("SELECT COUNT(*) FROM pg_class WHERE relname = 'ledger_20261128'"));
            var before = await server.ScalarAsync<decimal>("SELECT SUM(attempts) FROM ledger_hourly");
            Assert.Equal(2, await partitions.DropBeforeAsync(connection, new DateOnly(2026, 11, 22), default));
            Assert.Equal(before, await server.ScalarAsync<decimal>("SELECT SUM(attempts) FROM ledger_hourly"));
        }

        Assert.Equal(0, await server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger WHERE started_at < '2026-11-22T00:00:00Z'"));
        var both = new UsageLedger(node.Sqlite, node.Postgres);
        await using (var sums = await both.OpenAsync(Query(Start, Start.AddDays(4), "day", null), default))
        {
            Assert.Equal(1_000, sums.Rows.Sum(static row => row.Figures[1]));
        }

        await Assert.ThrowsAsync<UsageQueryException>(() => both.OpenAsync(Query(Start, Start.AddDays(4), "user", null), default));
    }

    [Fact]
    public async Task Without_an_answer_of_PostgreSQL_there_is_no_sum_and_that_is_said_in_time()
    {
        using var server = await PostgresServer.StartAsync();
        await using var node = new ShippingNode(server.ConnectionString);
        node.Book(10);
        await (await OpenPatientlyAsync(node.Postgres)).DisposeAsync();
        server.Stop();
        var begin = Environment.TickCount64;
        var history = new PostgresSpendHistory(node.Postgres, node.Sqlite);
        await Assert.ThrowsAsync<SpendHistoryException>(
            () => history.ReadAsync(new SpendQuery("acme", null, null, null, null, Start, Start.AddDays(1), Fine: false), default).AsTask());

        // Two seconds; a busy machine adds some, but not what a command may take.
        Assert.InRange(Environment.TickCount64 - begin, 0, 9_000);
        Assert.False(node.States.IsUp("postgres"));
        server.Continue();
    }

    private static SpendEntry Sum(SpendEntry left, SpendEntry right) => left with
    {
        Nanos = left.Nanos + right.Nanos,
        Requests = left.Requests + right.Requests,
        InputTokens = left.InputTokens + right.InputTokens,
        OutputTokens = left.OutputTokens + right.OutputTokens,
    };

    private static async Task<Npgsql.NpgsqlConnection> OpenPatientlyAsync(PostgresDatabase database)
    {
        var end = Environment.TickCount64 + 120_000;
        while (true)
        {
            try
            {
                return await database.OpenAsync(default);
            }
            catch (PostgresUnavailableException) when (Environment.TickCount64 < end)
            {
            }
        }
    }

    private static UsageQuery Query(DateTimeOffset from, DateTimeOffset to, string groups, string? tenant)
    {
        var parameters = new List<KeyValuePair<string, IReadOnlyList<string>>>
        {
            new("from", [UsageQueryReader.Text(from)]), new("to", [UsageQueryReader.Text(to)]), new("group_by", [groups]),
        };
        if (tenant is not null)
        {
            parameters.Add(new("tenant", [tenant, "acme"]));
        }

        return UsageQueryReader.Read(parameters, TimeProvider.System);
    }

    private static List<string> Read(UsageLedger ledger, UsageQuery query)
    {
        var reading = ledger.OpenAsync(query, default).GetAwaiter().GetResult();
        var rows = reading.Rows.Select(static row => $"{string.Join('|', row.Groups.Select(static group => group ?? "-"))} {string.Join(' ', row.Figures)} {row.Cost} {row.CacheSaving} {row.AnswersSaved}").ToList();
        reading.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return rows;
    }
}

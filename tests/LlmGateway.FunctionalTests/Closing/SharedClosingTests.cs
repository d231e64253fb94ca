using Dapper;
using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Metering;
using LlmGateway.Protocols.Usage;
using LlmGateway.Reports;
using LlmGateway.Reports.Closing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.FunctionalTests.Closing;

/// <summary>Two nodes and one PostgreSQL: what is closed is the same for both, whatever is on its way meanwhile.</summary>
public sealed class SharedClosingTests : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private ClosingNode _one = null!;
    private ClosingNode _other = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        (_one, _other) = (new ClosingNode(_server.ConnectionString, "one"), new ClosingNode(_server.ConnectionString, "other"));
        await (await OpenAsync()).DisposeAsync();
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Closed_by_both_while_rows_arrive_a_month_has_the_rows_before_and_shows_those_after_as_late()
    {
        const int Rows = 4_000;
        foreach (var (node, seed) in new[] { (_one, 1), (_other, 2) })
        {
            node.Shipping.Book(Rows, seed, ClosingNode.November.From.AddDays(20), TimeSpan.FromDays(14));
            await node.Shipping.StartAsync();
        }

        await WaitForAsync("SELECT COUNT(*) FROM ledger", static count => count > 1_000);
        Assert.Equal("period_not_settled", (await _one.CloseAsync()).Code);
        var closes = await Task.WhenAll(Task.Run(() => _one.CloseAsync(force: true)), Task.Run(() => _other.CloseAsync(force: true)));
        Assert.Equal(closes[0].Closed, closes[1].Closed);
        await Task.WhenAll(_one.Shipping.EmptyAsync(), _other.Shipping.EmptyAsync());

        var closed = closes[0].Closed!;
        var check = await _other.CheckAsync();
        Assert.True(check.Intact);
        var november = await _server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger WHERE started_at >= '2026-11-01T00:00:00Z' AND started_at < '2026-12-01T00:00:00Z'");
        Assert.Equal(november, closed.Rows + check.LateRows);
        Assert.InRange(closed.Rows!.Value, 1, november - 1);
        Assert.Equal(0, await _server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger WHERE late AND started_at >= '2026-12-01T00:00:00Z'"));

        // The close and what is late are all that reports have.
        var sums = await _one.Count.SumsAsync(ClosingNode.November, default);
        Assert.Equal(Costs(sums), Costs([.. PeriodTotal.Read(closed.Totals!), .. check.Late]));
        Assert.Equal(closed, (await _one.CloseAsync()).Closed);
    }

    [Fact]
    public async Task A_close_waits_for_rows_that_are_being_inserted_and_has_them()
    {
        _other.Shipping.Book(20, 2, ClosingNode.November.From, TimeSpan.FromDays(3), odd: false);
        Task<CloseResult> closing;
        await using (var blocker = await OpenAsync())
        await using (var held = await blocker.BeginTransactionAsync())
        {
            // The rows are inserted, and their sums cannot be: the transaction stays open.
            await blocker.ExecuteAsync("LOCK TABLE ledger_hourly IN EXCLUSIVE MODE", transaction: held);
            await _other.Shipping.StartAsync();
            await WaitForAsync("SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger_hourly'::regclass", static count => count == 1);
            closing = Task.Run(() => _one.CloseAsync(force: true));
            await WaitForAsync("SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'", count => count == 1 || closing.IsCompleted);
            Assert.False(closing.IsCompleted);
        }

        Assert.Equal(20, (await closing).Closed!.Rows);
        await _other.Shipping.EmptyAsync();
        var check = await _one.CheckAsync();
        Assert.Equal((true, 0L), (check.Intact, check.LateRows));
    }

    [Fact]
    public async Task A_node_that_was_away_brings_rows_that_are_late()
    {
        _one.Shipping.Book(100, 1, ClosingNode.November.From, TimeSpan.FromDays(3), odd: false);
        _other.Shipping.Book(30, 2, ClosingNode.November.From, TimeSpan.FromDays(3), odd: false);
        Assert.Contains("100 wait", (await _one.CloseAsync()).Problem, StringComparison.Ordinal);
        await _one.Shipping.StartAsync();
        await _one.Shipping.EmptyAsync();
        Assert.Equal(100, (await _one.CloseAsync()).Closed!.Rows);
        Assert.Equal(0, (await _one.CheckAsync()).LateRows);

        await _other.Shipping.StartAsync();
        await _other.Shipping.EmptyAsync();
        var check = await _one.CheckAsync();
        Assert.Equal((true, 30L), (check.Intact, check.LateRows));
    }

    [Fact]
    public async Task What_another_node_has_on_its_way_is_waited_for_and_so_is_one_that_was_not_heard_of_since()
    {
        var closing = _one.Time.GetUtcNow();
        _other.Shipping.Book(30, 2, ClosingNode.November.From, TimeSpan.FromDays(3), odd: false);
        await _other.Notes.NoteAsync(default);
        await _one.Notes.NoteAsync(default);
        var refused = await _one.CloseAsync();
        Assert.Equal("period_not_settled", refused.Code);
        Assert.Contains("has rows on their way since 2026-11-01", refused.Problem, StringComparison.Ordinal);

        // Nothing waits, but that was said before the month ended.
        await _other.Shipping.StartAsync();
        await _other.Shipping.EmptyAsync();
        _other.Time.AdjustTime(ClosingNode.November.To.AddSeconds(-1));
        await _other.Notes.NoteAsync(default);
        Assert.Contains("was last heard of at 2026-11-30T23:59:59Z", (await _one.CloseAsync()).Problem, StringComparison.Ordinal);
        _other.Time.AdjustTime(closing);
        await _other.Notes.NoteAsync(default);
        Assert.Equal(30, (await _one.CloseAsync()).Closed!.Rows);
    }

    [Fact]
    public async Task A_node_that_left_with_nothing_on_its_way_is_not_waited_for_and_one_that_is_gone_for_good_is_forgotten_by_force()
    {
        _other.Time.AdjustTime(ClosingNode.November.To.AddDays(-3));
        await _other.Notes.NoteAsync(default);
        Assert.NotNull((await _one.CloseAsync()).Problem);
        await _other.Notes.LeaveAsync(default);
        Assert.Equal(0, await _server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger_outboxes"));

        _other.Shipping.Book(1, 2, ClosingNode.November.From, TimeSpan.FromDays(3), odd: false);
        await _other.Notes.LeaveAsync(default);
        Assert.NotNull((await _one.CloseAsync()).Problem);
        Assert.NotNull((await _one.CloseAsync(force: true)).Closed);
        Assert.Equal(0, await _server.ScalarAsync<long>("SELECT COUNT(*) FROM ledger_outboxes"));
    }

    [Fact]
    public async Task A_correction_whose_row_SQLite_no_longer_has_is_brought_to_PostgreSQL_with_the_sums()
    {
        var alone = new Books(_one.Shipping.Sqlite, postgres: null);
        var corrections = new CorrectionBook(alone, _one.Shipping.Partitions, new LedgerNode("one"), _one.Time, NullLogger<CorrectionBook>.Instance);
        await corrections.BookAsync(Correction("credit-1"), "admin", static _ => { }, default);
        await corrections.BookAsync(Correction("credit-2"), "admin", static _ => { }, default);
        using (var rollUps = new SqliteRollUps(_one.Shipping.Sqlite))
        {
            while (rollUps.Step() || rollUps.Forget("2026-12-06T00:00:00.000000Z"))
            {
            }
        }

        // The last row is never removed.
        Assert.Equal(1, _one.Shipping.Waiting());
        await _one.Shipping.StartAsync();
        await _one.Shipping.EmptyAsync();
        Assert.Equal(-25m, await _server.ScalarAsync<decimal>("SELECT SUM(cost) FROM ledger_hourly"));
        Assert.Equal(-25m, await _server.ScalarAsync<decimal>("SELECT SUM(corrections) FROM ledger_hourly"));
        Assert.Equal(0m, await _server.ScalarAsync<decimal>("SELECT SUM(attempts + requests) FROM ledger_hourly"));

        // And with them what their references stand for: nothing is booked for a second time.
        Assert.Equal(BookingChange.Repeated, (await _other.BookAsync(Correction("credit-1"))).Change);
        Assert.Equal(["credit-1", "credit-2"], (await _other.Corrections.ListAsync(null, null, null, 0, 10, default)).Select(static entry => entry.Reference));
        Assert.Null(await corrections.FindAsync("credit-1", default));
    }

    [Theory]
    [InlineData("UPDATE ledger SET cost = cost + 0.000000001 WHERE ctid = (SELECT MIN(ctid) FROM ledger_20261101 WHERE cost IS NOT NULL) AND tableoid = 'ledger_20261101'::regclass")]
    [InlineData("UPDATE ledger_20261101 SET tags = '{\"team\":\"other\"}' WHERE ctid = (SELECT MIN(ctid) FROM ledger_20261101)")]
    [InlineData("DELETE FROM ledger_20261102 WHERE ctid = (SELECT MIN(ctid) FROM ledger_20261102)")]
    [InlineData("UPDATE ledger_20261101 SET late = true WHERE ctid = (SELECT MIN(ctid) FROM ledger_20261101)")]
    [InlineData("UPDATE ledger_periods SET digest = 'sha256:0'")]
    public async Task Whatever_is_changed_is_found(string tampering)
    {
        _one.Shipping.Book(200, 1, ClosingNode.November.From, TimeSpan.FromDays(2), odd: false);
        await _one.Shipping.StartAsync();
        await _one.Shipping.EmptyAsync();
        await _one.CloseAsync();
        Assert.True((await _other.CheckAsync()).Intact);
        await _server.ExecuteAsync(tampering);
        Assert.False((await _other.CheckAsync()).Intact);
    }

    [Fact]
    public async Task When_days_are_dropped_the_sums_are_what_is_compared()
    {
        _one.Shipping.Book(200, 1, ClosingNode.November.From, TimeSpan.FromDays(2), odd: false);
        await _one.Shipping.StartAsync();
        await _one.Shipping.EmptyAsync();
        await _one.CloseAsync();
        await using (var connection = await OpenAsync())
        {
            Assert.Equal(1, await _one.Shipping.Partitions.DropBeforeAsync(connection, new DateOnly(2026, 11, 2), default));
        }

        var check = await _one.CheckAsync();
        Assert.Equal((true, ClosedPeriod.BySums, 0), (check.Intact, check.Checked, check.Late.Count));
        await Assert.ThrowsAsync<UsageQueryException>(_one.RerateAsync);
    }

    [Fact]
    public async Task A_correction_is_booked_once_by_whichever_node_and_is_in_the_reports_of_both_and_in_no_budget()
    {
        var draft = Correction("credit-1");
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => Task.Run(() => (index % 2 == 0 ? _one : _other).BookAsync(draft))));
        Assert.Equal(1, results.Count(static result => result.Change is BookingChange.Booked));
        Assert.Equal(11, results.Count(static result => result.Change is BookingChange.Repeated));

        foreach (var node in new[] { _one, _other })
        {
            foreach (var group in new[] { "tenant", "user" })
            {
                await using var reading = await node.Usage.OpenAsync(new UsageQuery(ClosingNode.November.To, ClosingNode.Now.AddHours(2), [UsageGroup.Find(group)!], []), default);
                var row = Assert.Single(reading.Rows);
                Assert.Equal((0, 0, -12.5m), (row.Figures[0], row.Figures[1], row.Cost!.Value.Amount));
            }
        }

        Assert.Equal("2026-11", await _server.ScalarAsync<string>("SELECT units ->> 'correction_of' FROM ledger WHERE cause = 'correction' AND cost = -12.5"));
        var query = new SpendQuery("acme", null, null, null, null, ClosingNode.November.To, ClosingNode.Now.AddHours(2), Fine: false);
        Assert.Equal(0, (await new PostgresSpendHistory(_one.Shipping.Postgres, _one.Shipping.Sqlite).ReadAsync(query, default)).Sum(static entry => entry.Nanos));
        Assert.Equal(0, (await new PostgresSpendHistory(_one.Shipping.Postgres, _one.Shipping.Sqlite).ReadAsync(query with { Fine = true }, default)).Sum(static entry => entry.Nanos));
        Assert.Equal("credit-1", Assert.Single(await _other.Corrections.ListAsync(null, "acme", "2026-11", 0, 10, default)).Reference);
    }

    [Fact]
    public async Task After_a_rerating_the_ledger_adds_up_to_the_new_prices_with_rows_there_and_rows_on_their_way()
    {
        _one.Shipping.Book(1_500, 1, ClosingNode.November.From, TimeSpan.FromDays(20), odd: false);
        await _one.Shipping.StartAsync();
        await _one.Shipping.EmptyAsync();
        await _one.Shipping.StopAsync();
        _one.Shipping.Book(300, 2, ClosingNode.November.From, TimeSpan.FromDays(20), odd: false);
        _one.Price = Priced(0.123456789m);
        _other.Price = Priced(0.5m);

        var report = await _one.RerateAsync();
        var rows = await ReadAsync();
        Assert.Equal(1_800, rows.Count);
        Assert.Equal(rows.Count, report.Sums.Values.Sum(static sum => sum.Rows));
        Assert.Equal(BookingChange.Booked, (await _one.BookAsync("r1", report)).Change);
        Assert.Equal(BookingChange.Repeated, (await _other.BookAsync("r1", report)).Change);
        await _one.Shipping.StartAsync();
        await _one.Shipping.EmptyAsync();
        await AssertSumsAsync(_one.Price, rows);

        // The other node, at other prices: what the first has booked counts.
        Assert.Equal(BookingChange.Booked, (await _other.BookAsync("r2", await _other.RerateAsync())).Change);
        await AssertSumsAsync(_other.Price, rows);
        Assert.Empty((await _one.Rerater.CountAsync(report.Query with { Tenant = "nobody" }, default)).Sums);
        Assert.Equal(["r1", "r2"], (await _one.Rerater.CountAsync(report.Query with { Tenant = "acme" }, default)).Overlapping);
    }

    private static BookingDraft Correction(string reference) => new(
        reference, BookingKind.Correction, "text", null,
        [new CorrectionLine(ClosingNode.November, "acme", "p1", null, "sim/small", "sim", new Money(-12.5m, Currency.Usd), "日本 \"x\"")]);

    private static PriceEntry Priced(decimal rate) => new()
    {
        Name = "sim/small",
        From = DateTimeOffset.UnixEpoch,
        Currency = Currency.Usd,
        Per = 1_000,
        Rates = new Rates(rate, null, null, rate * 4, null),
        PerRequest = 0.000000001m,
    };

    private static SortedDictionary<string, decimal> Costs(IEnumerable<PeriodTotal> totals) => new(
        totals.Where(static total => total.Currency is not null)
            .GroupBy(static total => $"{total.Tenant} {total.Currency}")
            .ToDictionary(static group => group.Key, static group => group.Sum(static total => decimal.Parse(total.Cost!, System.Globalization.CultureInfo.InvariantCulture))),
        StringComparer.Ordinal);

    /// <summary>The usage of all rows, wherever they are.</summary>
    private async Task<List<TokenUsage>> ReadAsync()
    {
        const string Select = "SELECT COALESCE(input_tokens, 0), COALESCE(output_tokens, 0) FROM ledger";
        await using var shared = await OpenAsync();
        using var local = _one.Shipping.Sqlite.Open();
        return
        [
            .. (await shared.QueryAsync<(long Input, long Output)>(Select)).Concat(local.Query<(long Input, long Output)>(Select))
                .Select(static row => new TokenUsage(row.Input, 0, 0, row.Output, 0)),
        ];
    }

    /// <summary>By the rows and by the sums: all in the new currency, and nothing left in any other.</summary>
    private async Task AssertSumsAsync(PriceEntry price, List<TokenUsage> rows)
    {
        var expected = rows.Sum(usage => CostCalculator.Cost(price, ClosingNode.Now, usage).Cost!.Value.Amount);
        foreach (var table in new[] { "ledger", "ledger_hourly" })
        {
            Assert.Equal(expected, await _server.ScalarAsync<decimal>($"SELECT SUM(cost) FROM {table} WHERE currency = 'USD'"));
            Assert.Equal(0, await _server.ScalarAsync<decimal>($"SELECT COALESCE(SUM(cost), 0) FROM {table} WHERE currency <> 'USD'"));
        }
    }

    private async Task WaitForAsync(string sql, Func<long, bool> condition)
    {
        var end = Environment.TickCount64 + 120_000;
        while (await _server.ScalarAsync<long>(sql) is var value && !condition(value))
        {
            Assert.True(Environment.TickCount64 < end, $"{sql}: {value}");
        }
    }

    /// <summary>The first brings the schema up, which may take longer than anybody waits for a connection.</summary>
    private async Task<Npgsql.NpgsqlConnection> OpenAsync()
    {
        var end = Environment.TickCount64 + 120_000;
        while (true)
        {
            try
            {
                return await _one.Shipping.Postgres.OpenAsync(default);
            }
            catch (LlmGateway.Storage.Postgres.PostgresUnavailableException) when (Environment.TickCount64 < end)
            {
            }
        }
    }
}

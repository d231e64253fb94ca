using LlmGateway.Catalog;
using LlmGateway.Ledger;
using LlmGateway.Reports.Closing;

namespace LlmGateway.Tests.Reports.Closing;

/// <summary>What is closed stays as it was, and whatever changes it is found.</summary>
public sealed class PeriodClosingTests : IDisposable
{
    private readonly ClosingRig _rig = new();

    [Fact]
    public async Task A_close_has_the_totals_of_its_month_by_tenant_and_currency()
    {
        BookSome();
        var closed = (await _rig.CloseAsync()).Closed!;

        // The text of the totals is what the digest is taken over: should it change, every close before looks tampered with.
        Assert.Equal(
            """
            [{"tenant":null,"currency":"CNY","requests":1,"attempts":1,"input_tokens":1000,"cached_input_tokens":0,"cache_write_tokens":0,"output_tokens":100,"reasoning_tokens":0,"unpriced_attempts":0,"cost":"7.000000001"},{"tenant":"acme","currency":null,"requests":1,"attempts":1,"input_tokens":1000,"cached_input_tokens":0,"cache_write_tokens":0,"output_tokens":100,"reasoning_tokens":0,"unpriced_attempts":1,"cost":null},{"tenant":"acme","currency":"USD","requests":2,"attempts":2,"input_tokens":2000,"cached_input_tokens":0,"cache_write_tokens":0,"output_tokens":200,"reasoning_tokens":0,"unpriced_attempts":0,"cost":"3.750000000"}]
            """,
            closed.Totals);
        Assert.Equal(("2026-12-05T08:30:00.000000Z", "admin", false, 4L, ClosedPeriod.ByRows), (closed.ClosedAt, closed.ClosedBy, closed.Forced, closed.Rows, closed.Checked));
        Assert.Matches("^sha256:[0-9a-f]{64}$", closed.Digest);
        var check = await _rig.CheckAsync();
        Assert.Equal((true, ClosedPeriod.ByRows, 0L, 0), (check.Intact, check.Checked, check.LateRows, check.Late.Count));
    }

    [Fact]
    public async Task Closing_again_answers_the_first_close_and_is_audited_once()
    {
        BookSome();
        var first = (await _rig.CloseAsync()).Closed;
        _rig.Time.Advance(TimeSpan.FromDays(3));
        _rig.Book(new ChargedRow());
        Assert.Equal(first, (await _rig.CloseAsync()).Closed);
        Assert.Equal(1, _rig.Audited);
    }

    [Fact]
    public async Task The_same_rows_have_the_same_digest_in_whatever_order_they_came()
    {
        var rows = new[] { "1", "2", "3" }.Select(static day => new ChargedRow { StartedAt = $"2026-11-2{day}T12:00:00.000000Z", Cost = new Money(1m, Currency.Usd) }).ToList();
        _rig.Book(rows);
        using var other = new ClosingRig();
        other.Book(rows.AsEnumerable().Reverse());
        Assert.Equal((await _rig.CloseAsync()).Closed!.Digest, (await other.CloseAsync()).Closed!.Digest);
    }

    [Fact]
    public async Task A_month_that_has_not_ended_is_closed_only_by_force_and_what_comes_then_is_late()
    {
        var december = new Period(2026, 12);
        Assert.Equal("period_not_ended", (await _rig.CloseAsync(period: december)).Code);
        Assert.Equal("period_not_begun", (await _rig.CloseAsync(force: true, period: new Period(2027, 1))).Code);
        Assert.Null(await _rig.Store.FindAsync(december, default));
        _rig.UnderWay.Count = 3;
        Assert.True((await _rig.CloseAsync(force: true, period: december)).Closed!.Forced);
        _rig.Book(new ChargedRow { StartedAt = "2026-12-05T09:00:00.000000Z" });
        Assert.Equal(1, (await _rig.Closing.CheckAsync((await _rig.Store.FindAsync(december, default))!, default)).LateRows);
    }

    [Fact]
    public async Task While_attempts_of_it_are_in_flight_a_month_is_not_closed()
    {
        _rig.UnderWay.Count = 2;
        var refused = await _rig.CloseAsync();
        Assert.Equal("period_not_settled", refused.Code);
        Assert.Contains("2 attempts", refused.Problem, StringComparison.Ordinal);
        _rig.UnderWay.Count = 0;
        Assert.NotNull((await _rig.CloseAsync()).Closed);
    }

    [Theory]
    [InlineData("UPDATE ledger SET cost = '1.250000001' WHERE tenant = 'acme' AND cost = '1.250000000'")]
    [InlineData("UPDATE ledger SET user_id = 'other' WHERE id = 1")]
    [InlineData("UPDATE ledger SET started_at = '2026-11-23T12:00:00.000001Z' WHERE id = 1")]
    [InlineData("DELETE FROM ledger WHERE id = 2")]
    [InlineData("UPDATE ledger SET started_at = '2026-10-23T12:00:00.000000Z' WHERE id = 1")]
    [InlineData("UPDATE ledger_periods SET totals = REPLACE(totals, '3.750000000', '3.750000001')")]
    [InlineData("UPDATE ledger_periods SET digest = REPLACE(digest, SUBSTR(digest, 20, 1), 'x')")]
    public async Task Whatever_is_changed_is_found(string tampering)
    {
        BookSome();
        await _rig.CloseAsync();
        Assert.True((await _rig.CheckAsync()).Intact);
        _rig.Execute(tampering);
        Assert.False((await _rig.CheckAsync()).Intact);
    }

    [Fact]
    public async Task A_late_row_is_shown_apart_and_counts_in_the_ledger_while_the_close_stays()
    {
        BookSome();
        var closed = (await _rig.CloseAsync()).Closed;
        _rig.Book(new ChargedRow { Tenant = "globex", Cost = new Money(0.5m, Currency.Usd) });
        var check = await _rig.CheckAsync();
        Assert.Equal((true, 1L), (check.Intact, check.LateRows));
        var late = Assert.Single(check.Late);
        Assert.Equal(("globex", "0.500000000", 1), (late.Tenant, late.Cost, late.Requests));
        Assert.Equal(closed, await _rig.Store.FindAsync(ClosingRig.November, default));
        Assert.Contains(await _rig.Count.SumsAsync(ClosingRig.November, default), static total => total is { Tenant: "globex", Cost: "0.500000000" });
    }

    [Fact]
    public async Task A_close_that_was_broken_off_goes_on_with_the_rows_that_it_began_with()
    {
        BookSome();
        Assert.True(await _rig.Store.FreezeAsync(ClosingRig.November, _rig.Time.GetUtcNow(), "admin", forced: false, default));
        _rig.Book(new ChargedRow());
        Assert.False((await _rig.Store.FindAsync(ClosingRig.November, default))!.IsComplete);
        Assert.Equal(4, (await _rig.CloseAsync()).Closed!.Rows);
        Assert.Equal(1, (await _rig.CheckAsync()).LateRows);
        Assert.Equal(1, _rig.Audited);
    }

    [Fact]
    public async Task When_retention_has_removed_rows_the_sums_are_what_is_compared()
    {
        BookSome();
        await _rig.CloseAsync();
        _rig.Book(new ChargedRow { Tenant = "globex", Cost = new Money(0.5m, Currency.Usd) });
        _rig.Forget("2026-11-24T00:00:00.000000Z");
        var check = await _rig.CheckAsync();
        Assert.Equal((true, ClosedPeriod.BySums, null), (check.Intact, check.Checked, check.LateRows));
        Assert.Equal("globex", Assert.Single(check.Late).Tenant);

        _rig.Execute("UPDATE ledger_hourly SET requests = 0 WHERE tenant = 'acme'");
        Assert.False((await _rig.CheckAsync()).Intact);
    }

    [Fact]
    public async Task A_month_whose_rows_are_gone_is_closed_by_its_sums()
    {
        BookSome();
        _rig.Forget("2026-11-24T00:00:00.000000Z");
        var closed = (await _rig.CloseAsync()).Closed!;
        Assert.Equal((ClosedPeriod.BySums, null), (closed.Checked, closed.Rows));
        Assert.Contains("\"cost\":\"3.750000000\"", closed.Totals, StringComparison.Ordinal);
        Assert.True((await _rig.CheckAsync()).Intact);
        _rig.Execute("UPDATE ledger_periods SET totals = REPLACE(totals, '3.750000000', '2.750000000')");
        Assert.False((await _rig.CheckAsync()).Intact);
    }

    [Fact]
    public void Every_column_of_a_row_is_in_the_digest() =>
        Assert.Equal(LedgerCells.IntentColumns.Concat(LedgerCells.SettlementColumns).ToHashSet(), PeriodSql.Columns.ToHashSet());

    public void Dispose() => _rig.Dispose();

    private void BookSome() => _rig.Book(
        new ChargedRow { Cost = new Money(1.25m, Currency.Usd) },
        new ChargedRow { StartedAt = "2026-11-01T00:00:00.000000Z", Cost = new Money(2.5m, Currency.Usd) },
        new ChargedRow { StartedAt = "2026-11-30T23:59:59.999999Z" },
        new ChargedRow { Tenant = null, Cost = new Money(7.000000001m, new Currency("CNY")) },
        new ChargedRow { StartedAt = "2026-10-31T23:59:59.999999Z", Cost = new Money(9m, Currency.Usd) },
        new ChargedRow { StartedAt = "2026-12-01T00:00:00.000000Z", Cost = new Money(9m, Currency.Usd) });
}

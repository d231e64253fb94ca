using System.Text.Json;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Reports;
using LlmGateway.Reports.Closing;

namespace LlmGateway.Tests.Reports.Closing;

/// <summary>A correction is money and nothing else, in the month that is open, once.</summary>
public sealed class CorrectionTests : IDisposable
{
    private static readonly Period December = new(2026, 12);

    private readonly ClosingRig _rig = new();

    [Fact]
    public async Task It_is_a_row_of_its_own_that_says_what_it_corrects()
    {
        Assert.Equal(BookingChange.Booked, (await _rig.BookAsync(Draft("credit-1", -12.5m))).Change);
        Assert.Equal(
            "correction|acme|search||acme/one|acme|2026-12-05T08:30:00.000000Z|USD|-12.500000000|-12500000000|priced|measured||",
            _rig.Scalar<string>(
                "SELECT CONCAT_WS('|', cause, tenant, project, COALESCE(key_id, ''), deployment, provider, started_at, currency, cost, cost_nano, price_status, usage_source, COALESCE(input_tokens, ''), COALESCE(route, '')) FROM ledger"));
        var units = JsonDocument.Parse(_rig.Scalar<string>("SELECT units FROM ledger")).RootElement;
        Assert.Equal(
            ("2026-11", "credit-1", "billed twice, \"sorry\""),
            (units.GetProperty("correction_of").GetString(), units.GetProperty("reference").GetString(), units.GetProperty("reason").GetString()));
        Assert.Equal(_rig.Scalar<string>("SELECT operation_id FROM ledger"), Assert.Single(await ListAsync()).OperationId);
    }

    [Fact]
    public Task It_is_in_the_cost_of_reports_rolled_up_or_not_and_is_neither_request_nor_attempt() =>
        Gen.Select(Gen.Long[-9_000_000_000_000_000_000, 9_000_000_000_000_000_000].Array[1, 4], Gen.Bool).SampleAsync(
            async (nanos, late) =>
            {
                using var rig = new ClosingRig();
                rig.Book(new ChargedRow { StartedAt = "2026-12-05T08:10:00.000000Z", Cost = new Money(3m, Currency.Usd) });
                if (late)
                {
                    rig.RollUp();
                }

                foreach (var (index, amount) in nanos.Index().Where(static nano => nano.Item != 0))
                {
                    await rig.BookAsync(Draft($"r{index}", amount / 1_000_000_000m));
                }

                var expected = (1L, 1L, 3m + nanos.Sum(static amount => amount / 1_000_000_000m));
                Assert.Equal(expected, await ReadAsync(rig));
                rig.RollUp();
                Assert.Equal(expected, await ReadAsync(rig));
            },
            iter: 40,
            threads: 1);

    [Fact]
    public async Task No_budget_counts_it_whether_it_is_rolled_up_or_not()
    {
        _rig.Book(new ChargedRow { StartedAt = "2026-12-05T08:10:00.000000Z", Cost = new Money(3m, Currency.Usd) });
        await _rig.BookAsync(Draft("more", 1000.000000001m));
        await _rig.BookAsync(Draft("less", -0.5m));
        foreach (var fine in new[] { true, false })
        {
            Assert.Equal(3_000_000_000, await SpendAsync(fine));
        }

        _rig.RollUp();
        Assert.Equal(3_000_000_000, await SpendAsync(fine: false));
        Assert.Equal(1002.500000001m, (await ReadAsync(_rig)).Cost);
    }

    [Fact]
    public async Task The_same_again_books_nothing_and_something_else_under_its_reference_is_refused()
    {
        var draft = Draft("credit-1", -1m);
        Assert.Equal(BookingChange.Booked, (await _rig.BookAsync(draft)).Change);
        Assert.Equal(BookingChange.Repeated, (await _rig.BookAsync(draft)).Change);
        Assert.Equal(BookingChange.ReferenceTaken, (await _rig.BookAsync(Draft("credit-1", -2m))).Change);
        Assert.Equal(BookingChange.ReferenceTaken, (await _rig.BookAsync(draft with { Kind = BookingKind.Rerating })).Change);
        Assert.Equal((1L, 1), (_rig.Scalar<long>("SELECT COUNT(*) FROM ledger"), _rig.Audited));
    }

    [Fact]
    public async Task Of_many_at_once_with_one_reference_one_is_booked()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _rig.BookAsync(Draft("credit-1", -1m)))));
        Assert.Equal(1, results.Count(static result => result.Change is BookingChange.Booked));
        Assert.Equal(15, results.Count(static result => result.Change is BookingChange.Repeated));
        Assert.Equal(1, _rig.Scalar<long>("SELECT COUNT(*) FROM ledger"));
    }

    [Fact]
    public async Task A_closed_month_stays_as_it_was_when_it_is_corrected()
    {
        _rig.Book(new ChargedRow { Cost = new Money(1m, Currency.Usd) });
        var closed = (await _rig.CloseAsync()).Closed;
        await _rig.BookAsync(Draft("credit-1", -1m));
        var check = await _rig.CheckAsync();
        Assert.Equal((true, 0L), (check.Intact, check.LateRows));
        Assert.Equal(closed, await _rig.Store.FindAsync(ClosingRig.November, default));
    }

    [Fact]
    public async Task Where_no_month_is_open_nothing_is_booked()
    {
        await _rig.CloseAsync(force: true, period: December);
        Assert.Equal(BookingChange.NoOpenPeriod, (await _rig.BookAsync(Draft("credit-1", -1m))).Change);
        Assert.Equal(0, _rig.Scalar<long>("SELECT COUNT(*) FROM ledger"));
        _rig.Time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(BookingChange.Booked, (await _rig.BookAsync(Draft("credit-1", -1m))).Change);
    }

    [Fact]
    public async Task Corrections_are_listed_page_by_page()
    {
        for (var number = 0; number < 5; number++)
        {
            await _rig.BookAsync(Draft($"r{number}", number + 1));
        }

        var first = await _rig.Corrections.ListAsync(null, "acme", "2026-11", 0, 3, default);
        Assert.Equal(["r0", "r1", "r2"], first.Select(static entry => entry.Reference));
        Assert.Equal(["r3", "r4"], (await _rig.Corrections.ListAsync(null, "acme", "2026-11", first[^1].Sequence, 3, default)).Select(static entry => entry.Reference));
        Assert.Empty(await _rig.Corrections.ListAsync(null, "globex", null, 0, 3, default));
    }

    public void Dispose() => _rig.Dispose();

    private static BookingDraft Draft(string reference, decimal amount) => new(
        reference, BookingKind.Correction, $"{amount}", null,
        [new CorrectionLine(ClosingRig.November, "acme", "search", null, "acme/one", "acme", new Money(amount, Currency.Usd), "billed twice, \"sorry\"")]);

    private async Task<long> SpendAsync(bool fine)
    {
        var query = new SpendQuery("acme", null, null, null, null, December.From, December.To, fine);
        return (await new SqliteSpendHistory(_rig.Database).ReadAsync(query, default)).Sum(static entry => entry.Nanos);
    }

    private static async Task<(long Requests, long Attempts, decimal Cost)> ReadAsync(ClosingRig rig)
    {
        await using var reading = await rig.Usage.OpenAsync(new UsageQuery(December.From, December.To, [], []), default);
        var row = Assert.Single(reading.Rows);
        return (row.Figures[0], row.Figures[1], row.Cost!.Value.Amount);
    }

    private Task<IReadOnlyList<CorrectionEntry>> ListAsync() => _rig.Corrections.ListAsync(null, null, null, 0, 10, default);
}

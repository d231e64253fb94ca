using System.Globalization;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Metering;
using LlmGateway.Protocols.Usage;
using LlmGateway.Reports;
using LlmGateway.Reports.Closing;
using LlmGateway.Reports.Rerating;
using LlmGateway.Tests.Catalog;
using LlmGateway.Tests.Reports.Closing;

namespace LlmGateway.Tests.Reports.Rerating;

/// <summary>What rows would cost at other prices; what is booked of it makes the ledger's sum the sum at those prices.</summary>
public sealed class ReratingTests : IDisposable
{
    private static readonly Gen<decimal> Rate = Gen.Select(Gen.Int[0, 99_999], Gen.Int[0, 6]).Select(static (digits, scale) => new decimal(digits, 0, 0, false, (byte)scale));

    private static readonly Gen<TokenUsage> Usage = Gen.Select(Gen.Long[0, 4_000], Gen.Long[0, 4_000], Gen.Long[0, 400]).Select(
        static (input, cached, output) => new TokenUsage(input + cached, cached, 0, output, output / 2));

    /// <summary>Two names, two dates each, in two currencies, with a tier, a window and a price of batch work.</summary>
    private static readonly Gen<PriceEntry[]> Book = Gen.Select(Rate, Rate, Rate, Gen.Int[0, 3]).Array[4].Select(static rates =>
        rates.Select(static (rate, index) => new PriceEntry
        {
            Name = index < 2 ? "acme/one" : "acme/two",
            From = Price.At(index % 2 == 0 ? "2026-01-01" : "2026-11-15T08:00:00Z"),
            Currency = rate.Item4 == 0 ? new Currency("CNY") : Currency.Usd,
            Per = 1000,
            Rates = new Rates(rate.Item1, null, null, rate.Item2, null),
            PerRequest = rate.Item4 == 1 ? 0.000000001m : null,
            Tiers = rate.Item4 == 2 ? [Price.Tier(over: 2000, input: rate.Item3)] : [],
            Windows = rate.Item4 == 3 ? Price.Windows("Asia/Shanghai", 2, Price.Window("09:00", "12:00")) : null,
            Batch = 0.5m,
        }).ToArray());

    private static readonly Gen<ChargedRow> Row = Gen.Select(Usage, Gen.Int[0, 1], Gen.Int[1, 30], Gen.Int[0, 23], Gen.Int[0, 7], Gen.Int[0, 2]).Select(
        static (usage, deployment, day, hour, dice, key) => new ChargedRow
        {
            Usage = dice == 0 ? default : usage,
            UsageSource = dice == 0 ? "unknown" : "measured",
            Deployment = deployment == 0 ? "acme/one" : dice == 1 ? "gone/away" : "acme/two",
            StartedAt = string.Create(CultureInfo.InvariantCulture, $"2026-11-{day:00}T{hour:00}:30:00.000000Z"),
            Key = $"key_{key}",
            Tenant = key == 2 ? "globex" : "acme",

            // Batch work is told by the reference alone; some rows had no price.
            PriceRef = dice == 2 ? "batch" : dice == 3 ? null : "",
        });

    private readonly ClosingRig _rig = new();

    [Fact]
    public Task After_booking_the_sum_of_the_ledger_is_the_sum_at_the_new_prices_and_booking_again_changes_nothing() =>
        Gen.Select(Row.Array[1, 30], Book, Book, Gen.Bool).SampleAsync(
            async (drawn, old, changed, now) =>
            {
                using var rig = new ClosingRig();
                var rows = drawn.Select(row => Charged(row, new PriceBook(old))).ToList();
                rig.Book(rows);
                rig.SetPrices(changed);
                var booked = await rig.BookRatingAsync("r1", await rig.RerateAsync(now: now));
                Assert.Equal(BookingChange.Booked, booked.Change);

                var moment = now ? rig.Time.GetUtcNow() : (DateTimeOffset?)null;
                Assert.Equal(Expected(rows, new PriceBook(changed), moment), Plain(rig.Sums()));
                Assert.Equal(rows.Count, rig.Scalar<long>("SELECT COUNT(*) FROM ledger WHERE cause = 'primary'"));

                var again = await rig.RerateAsync(now: now);
                Assert.Empty(again.Lines("again"));

                // Other prices on top of it, of a time that holds the first: only the rest is booked.
                rig.SetPrices(old);
                await rig.BookRatingAsync("r2", await rig.RerateAsync(from: "2026-10-01"));
                Assert.Equal(Expected(rows, new PriceBook(old), null), Plain(rig.Sums()));
            },
            iter: 60,
            threads: 1);

    [Fact]
    public async Task It_says_by_tenant_project_deployment_and_currency_what_was_booked_and_what_it_comes_to()
    {
        _rig.Book(
            Priced("acme/one@2026-01-01", 1m),
            Priced("acme/one@2026-01-01;tier>0;window*2;batch*0.5", 0.5m),
            new ChargedRow { Deployment = "acme/two" },
            new ChargedRow { Deployment = "gone/away" },
            Priced("removed/price@2026-01-01", 7m),
            new ChargedRow { Cause = "cache", Cost = new Money(0, Currency.Usd) });
        _rig.SetPrices(
            Price.Entry("acme/one", input: 2_000m, output: 0m) with { Batch = 0.25m },
            Price.Entry("acme/two", input: 3_000m, output: 0m));
        var report = await _rig.RerateAsync();

        // 1,000 tokens at 2,000 a million: 2; in a batch a quarter of it. What has no price any more stays.
        var one = report.Sums[Key("acme/one", "USD")];
        Assert.Equal((3L, 1L, 0L, 8.5m, 9.5m, 1m), (one.Rows, one.Unpriced, one.NewlyPriced, one.Booked, one.Rerated, one.Difference));
        var two = report.Sums[Key("acme/two", "USD")];
        Assert.Equal((1L, 0L, 1L, 0m, 3m, 3m), (two.Rows, two.Unpriced, two.NewlyPriced, two.Booked, two.Rerated, two.Difference));
        var gone = report.Sums[Key("gone/away", null)];
        Assert.Equal((1L, 1L, 0m, 0m), (gone.Rows, gone.Unpriced, gone.Booked, gone.Rerated));
        Assert.Equal([("acme/one", 1m), ("acme/two", 3m)], report.Lines("x").Select(static line => (line.Deployment!, line.Amount.Amount)));
        Assert.Equal(0, _rig.Scalar<long>("SELECT COUNT(*) FROM ledger WHERE cause = 'correction'"));
    }

    [Fact]
    public async Task Units_that_a_row_counts_are_priced_and_texts_beside_them_are_not()
    {
        _rig.Book(Priced("acme/one@2026-01-01", 1m) with { Units = """{"image":2,"second":0.5,"note":"x"}""" });
        _rig.SetPrices(Price.Entry("acme/one", input: 0m, output: 0m) with
        {
            Units = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, decimal> { ["image"] = 0.25m, ["second"] = 3m }),
        });
        Assert.Equal(2m, (await _rig.RerateAsync()).Sums[Key("acme/one", "USD")].Rerated);
    }

    [Fact]
    public async Task Then_is_the_entry_in_force_when_the_attempt_began_and_now_is_the_one_in_force_at_this_moment()
    {
        _rig.Book(Priced("acme/one@2026-01-01", 1m));
        _rig.SetPrices(
            Price.Entry("acme/one", input: 2_000m, output: 0m),
            Price.Entry("acme/one", from: "2026-12-01", input: 5_000m, output: 0m),
            Price.Entry("acme/one", from: "2026-12-06", input: 9_000m, output: 0m));
        Assert.Equal(2m, (await _rig.RerateAsync()).Sums[Key("acme/one", "USD")].Rerated);
        Assert.Equal(5m, (await _rig.RerateAsync(now: true)).Sums[Key("acme/one", "USD")].Rerated);
    }

    [Fact]
    public async Task Filters_keep_what_they_name()
    {
        _rig.Book(Priced("acme/one@2026-01-01", 1m), Priced("acme/two@2026-01-01", 1m) with { Tenant = "globex", Deployment = "acme/two" });
        _rig.SetPrices(Price.Entry("acme/one", input: 2_000m, output: 0m), Price.Entry("acme/two", input: 2_000m, output: 0m));
        Assert.Equal("globex", Assert.Single((await _rig.RerateAsync(tenant: "globex")).Sums).Key.Tenant);
        Assert.Equal("acme/one", Assert.Single((await _rig.RerateAsync(deployment: "acme/one")).Sums).Key.Deployment);
        Assert.Equal("acme/two", Assert.Single((await _rig.RerateAsync(price: "acme/two")).Sums).Key.Deployment);
        Assert.Empty((await _rig.RerateAsync(to: "2026-11-23T12:00:00Z")).Sums);
    }

    [Fact]
    public async Task What_has_some_rows_of_one_that_is_booked_and_others_is_told_and_what_has_none_is_not()
    {
        _rig.Book(Priced("acme/one@2026-01-01", 1m));
        _rig.SetPrices(Price.Entry("acme/one", input: 2_000m, output: 0m));
        await _rig.BookRatingAsync("r1", await _rig.RerateAsync(tenant: "acme"));
        Assert.Equal(["r1"], (await _rig.RerateAsync(from: "2026-11-20", to: "2026-12-24")).Overlapping);
        Assert.Equal(["r1"], (await _rig.RerateAsync(deployment: "acme/one")).Overlapping);
        Assert.Empty((await _rig.RerateAsync(tenant: "globex")).Overlapping);
        Assert.Empty((await _rig.RerateAsync(from: "2026-12-01", to: "2027-01-01")).Overlapping);

        var whole = await _rig.RerateAsync();
        Assert.Empty(whole.Overlapping);
        Assert.Equal((1m, 0m), (whole.Sums[Key("acme/one", "USD")].Corrected, whole.Sums[Key("acme/one", "USD")].Difference));
    }

    [Fact]
    public async Task Of_two_that_were_counted_at_once_the_second_is_not_booked()
    {
        _rig.Book(Priced("acme/one@2026-01-01", 1m));
        _rig.SetPrices(Price.Entry("acme/one", input: 2_000m, output: 0m));
        var (one, other) = (await _rig.RerateAsync(), await _rig.RerateAsync());
        Assert.Equal(BookingChange.Booked, (await _rig.BookRatingAsync("r1", one)).Change);
        Assert.Equal(BookingChange.Overtaken, (await _rig.BookRatingAsync("r2", other)).Change);
        Assert.Equal(2m, _rig.Sums()["USD"]);
    }

    [Fact]
    public async Task Rows_that_retention_has_removed_cannot_be_priced_again()
    {
        _rig.Book(Priced("acme/one@2026-01-01", 1m), Priced("acme/one@2026-01-01", 1m) with { StartedAt = "2026-11-25T00:00:00.000000Z" });
        _rig.Forget("2026-11-24T00:00:00.000000Z");
        Assert.Equal("from", (await Assert.ThrowsAsync<UsageQueryException>(() => _rig.RerateAsync())).Parameter);
        Assert.Equal(1, (await _rig.RerateAsync(from: "2026-11-24")).Sums.Single().Value.Rows);
    }

    [Theory]
    [InlineData("acme/one@2026-01-01", "acme/one")]
    [InlineData("acme/one@2026-08-16T16:00:00Z;tier>256000;window*2;batch*0.5", "acme/one")]
    [InlineData("acme/a@b@2026-01-01", "acme/a@b")]
    [InlineData("nothing", null)]
    [InlineData(null, null)]
    public void A_reference_names_its_price(string? reference, string? name) => Assert.Equal(name, PriceRef.NameOf(reference));

    public void Dispose() => _rig.Dispose();

    private static ChargedRow Priced(string reference, decimal cost) => new() { PriceRef = reference, Cost = new Money(cost, Currency.Usd) };

    private static RerateKey Key(string deployment, string? currency) => new("acme", "search", "key_1", deployment, currency, ClosingRig.November);

    /// <summary>The row as it was charged by a price book.</summary>
    private static ChargedRow Charged(ChargedRow row, PriceBook book)
    {
        var priced = row.PriceRef is null ? null : Cost(row, book, null);
        return row with { Cost = priced?.Cost, PriceRef = priced?.PriceRef };
    }

    private static CostResult? Cost(ChargedRow row, PriceBook book, DateTimeOffset? moment)
    {
        var at = ClosingRig.Instant(row.StartedAt);
        var batch = row.PriceRef?.Contains("batch", StringComparison.Ordinal) == true;
        return book.InForce(row.Deployment, moment ?? at) is { } entry
            ? CostCalculator.Cost(entry, at, row.Usage, row.UsageSource == "unknown" ? 0 : 1, batch: batch)
            : null;
    }

    private static SortedDictionary<string, decimal> Expected(List<ChargedRow> rows, PriceBook book, DateTimeOffset? moment)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if ((Cost(row, book, moment)?.Cost ?? row.Cost) is { } cost)
            {
                sums[cost.Currency.Code] = sums.GetValueOrDefault(cost.Currency.Code) + cost.Amount;
            }
        }

        return Plain(sums);
    }

    /// <summary>Without currencies that come to nothing: what was booked in one and went to another leaves 0 behind.</summary>
    private static SortedDictionary<string, decimal> Plain(SortedDictionary<string, decimal> sums) =>
        new(sums.Where(static sum => sum.Value != 0).ToDictionary(), StringComparer.Ordinal);
}

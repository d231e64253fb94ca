using System.Globalization;
using System.Text.Json;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Reports;

namespace LlmGateway.Tests.Reports;

public sealed class UsageConversionTests : IDisposable
{
    private static readonly ExchangeRates Rates = new(
        Currency.Usd,
        [
            Dated("CNY", ("2026-11-01", 0.1405m), ("2026-11-10", 0.15m)),
            Dated("EUR", ("2026-11-05", 1.2m)),
        ],
        "the bank");

    private static readonly string[] Codes = ["USD", "CNY", "EUR"];

    private readonly ReportRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Each_day_is_converted_at_its_rate_and_the_report_says_what_was_booked_and_by_which_rates()
    {
        _rig.Book(
            Row("2026-11-09", "CNY", 10), Row("2026-11-10", "CNY", 10), Row("2026-11-10", "USD", 3), Row("2026-11-10", null, null),
            Row("2026-11-10", "USD", 1) with { Tenant = "globex" });

        var report = await _rig.JsonAsync(ReportRig.Query(("group_by", "tenant"), ("currency", "USD")), Rates);

        var acme = report.GetProperty("rows")[0];
        Assert.Equal("""[{"amount":"5.905000000","currency":"USD"}]""", acme.GetProperty("cost").GetRawText());
        Assert.Equal(
            """[{"amount":"20.000000000","currency":"CNY","rate":"0.14525"},{"amount":"3.000000000","currency":"USD","rate":"1"}]""", acme.GetProperty("booked").GetRawText());
        Assert.Equal(4, acme.GetProperty("attempts").GetInt64());
        Assert.Equal(1, acme.GetProperty("unpriced_attempts").GetInt64());
        Assert.Equal("""[{"amount":"1.000000000","currency":"USD"}]""", report.GetProperty("rows")[1].GetProperty("cost").GetRawText());
        Assert.Equal(
            """[{"from":"CNY","to":"USD","rate":"0.1405","since":"2026-11-01","source":"the bank"},{"from":"CNY","to":"USD","rate":"0.15","since":"2026-11-10","source":"the bank"}]""",
            report.GetProperty("rates").GetRawText());
    }

    [Fact]
    public async Task Without_a_currency_nothing_is_converted_and_nothing_said_of_rates()
    {
        _rig.Book(Row("2026-11-10", "CNY", 10));

        var report = await _rig.JsonAsync(ReportRig.Query(("group_by", "tenant")), Rates);

        Assert.Equal("CNY", report.GetProperty("rows")[0].GetProperty("cost")[0].GetProperty("currency").GetString());
        Assert.False(report.TryGetProperty("rates", out _));
        Assert.False(report.GetProperty("rows")[0].TryGetProperty("booked", out _));
    }

    [Fact]
    public async Task A_currency_between_two_others_goes_by_both_rates()
    {
        _rig.Book(Row("2026-11-10", "EUR", 1));

        var report = await _rig.JsonAsync(ReportRig.Query(("currency", "CNY")), Rates);

        Assert.Equal("8.000000000", report.GetProperty("rows")[0].GetProperty("cost")[0].GetProperty("amount").GetString());
        Assert.Equal("2026-11-10", report.GetProperty("rates")[0].GetProperty("since").GetString());
    }

    [Fact]
    public async Task A_day_without_a_rate_is_refused_before_anything_is_written()
    {
        _rig.Book(Row("2026-11-04", "EUR", 1), Row("2026-11-06", "EUR", 1));

        var error = await Assert.ThrowsAsync<UsageQueryException>(() => _rig.JsonAsync(ReportRig.Query(("currency", "USD")), Rates));

        Assert.Equal("currency", error.Parameter);
        Assert.Contains("no rate from EUR to USD on 2026-11-04", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_of_a_spreadsheet_has_a_row_for_each_currency_that_was_booked()
    {
        _rig.Book(Row("2026-11-10", "CNY", 10), Row("2026-11-10", "USD", 3), Row("2026-11-10", null, null));

        var table = await _rig.CsvAsync(ReportRig.Query(("group_by", "tenant"), ("currency", "USD")), Rates);

        string[] columns = ["cost", "currency", "booked_cost", "booked_currency", "rate", "rate_source"];
        var at = columns.Select(column => Array.IndexOf(table[0], column)).ToArray();
        Assert.Equal(
            ["|||||", "1.500000000|USD|10.000000000|CNY|0.15|the bank", "3.000000000|USD|3.000000000|USD|1|the bank"],
            table.Skip(1).Select(row => string.Join('|', at.Select(index => row[index]))));
    }

    [Fact]
    public void Whatever_the_grouping_the_sum_is_that_of_the_days() =>
        Gen.Select(Gen.Int[1, 28], Gen.Int[0, 2].Select(static index => Codes[index]), Gen.Int[0, 1_000_000], Gen.Bool.Select(static one => one ? "a" : "b"))
            .Where(static row => row.Item2 != "EUR" || row.Item1 >= 5).Array[0, 30].Sample(
            rows =>
            {
                _rig.Clear();
                _rig.Book(rows.Select(row => Row($"2026-11-{row.Item1:D2}", row.Item2, row.Item3 / 1000m) with { Tenant = row.Item4 }));
                var expected = rows.GroupBy(static row => row.Item4).OrderBy(static group => group.Key, StringComparer.Ordinal).Select(static group => group.Sum(row =>
                    row.Item3 / 1000m * Rates.Between(new Currency(row.Item2), new Currency("CNY"), new DateTimeOffset(2026, 11, row.Item1, 0, 0, 0, TimeSpan.Zero))!.Value.Rate));

                var report = _rig.JsonAsync(ReportRig.Query(("group_by", "tenant"), ("currency", "CNY")), Rates).GetAwaiter().GetResult();

                // A group of several currencies is the sum of rounded sums.
                Assert.All(expected.Zip(report.GetProperty("rows").EnumerateArray()), pair => Assert.InRange(Math.Abs(pair.First - Amount(pair.Second)), 0, 3e-9m));
            },
            iter: 40, threads: 1);

    private static decimal Amount(JsonElement row) => decimal.Parse(row.GetProperty("cost")[0].GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);

    private static BookedRow Row(string day, string? currency, decimal? cost) => new() { StartedAt = $"{day}T12:00:00.000000Z", Currency = currency, Cost = cost };

    private static KeyValuePair<Currency, IReadOnlyDictionary<DateTimeOffset, decimal>> Dated(string currency, params (string Day, decimal Rate)[] rates) => new(
        new Currency(currency),
        rates.ToDictionary(static rate => DateTimeOffset.Parse(rate.Day + "T00:00:00Z", CultureInfo.InvariantCulture), static rate => rate.Rate));
}

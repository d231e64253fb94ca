using System.Globalization;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Reports;

namespace LlmGateway.Tests.Reports.Focus;

/// <summary>What is in an export, by the rules of the specification and to the last digit.</summary>
public sealed class FocusExportTests : IDisposable
{
    private static readonly BookedRow Whole = new()
    {
        Project = "search",
        Deployment = "eu/large",
        Provider = "eu",
        ModelAnswered = "large-2",
        Input = 1_000,
        CachedInput = 600,
        CacheWrite = 100,
        Output = 50,
        Reasoning = 20,
        Currency = "USD",
        Cost = 0.000700007m,
        Parts = new CostSplit(300_000, 60_000, 125_000, 210_000, 5_007),
        Tags = """{"team":"a","env":"prod"}""",
    };

    private readonly FocusRig _rig = new();

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task Every_charge_conforms_to_the_specification(string format)
    {
        _rig.Ledger.Book(
            Whole,
            Whole with { Operation = Guid.NewGuid().ToString(), StartedAt = "2026-11-24T00:00:00.000000Z", Cost = 0.0007m, Parts = new CostSplit(300_000, 60_000, 130_000, 210_000, 0) },
            new BookedRow { Tenant = null, ModelAsked = null, Input = 3, Output = 4, Currency = "CNY", Cost = 1m / 3 },
            new BookedRow { Tenant = "=evil", Currency = "USD", Cost = 0.5m },
            new BookedRow { Currency = "USD", Cost = -0.25m },
            new BookedRow { Currency = "USD", Cost = 0m, Input = 10, Parts = default(CostSplit) },
            Whole with { Operation = Guid.NewGuid().ToString(), Cause = "correction", Input = null, Output = null, CachedInput = null, CacheWrite = null, Reasoning = null, Cost = 1.5m, Parts = null },
            new BookedRow { Input = 5, Output = 5 });
        var export = await _rig.ExportAsync(FocusRig.Query(("month", "2026-11"), ("tags", "team")), format);
        Assert.Empty(new FocusValidator(FocusSpecification.Load()).Check(export));
        Assert.Equal(5 + 4 + 1 + 1 + 1 + 1 + 1, export.Rows.Count);
        Assert.Equal(1.5m, decimal.Parse(Assert.Single(export.Rows, static row => row["ChargeCategory"] == "Adjustment")["BilledCost"]!, CultureInfo.InvariantCulture));
        Assert.Equal("Correction", Assert.Single(export.Rows, static row => row["BilledCost"]!.StartsWith('-'))["ChargeClass"]);
    }

    [Fact]
    public async Task Both_formats_say_the_same()
    {
        _rig.Ledger.Book(Whole, new BookedRow { Tenant = "日本", Input = 3, Output = 4, Currency = "CNY", Cost = 1.333333333m });
        var csv = await _rig.ExportAsync(FocusRig.Query(("tags", "*")), "csv");
        var parquet = await _rig.ExportAsync(FocusRig.Query(("tags", "*")), "parquet");
        Assert.Equal(csv.Columns, parquet.Columns);
        Assert.Equal(csv.Plain().Rows, parquet.Plain().Rows);
        Assert.Equal(6, csv.Rows.Count);
    }

    [Fact]
    public async Task A_charge_has_the_tokens_of_its_kind_and_what_they_cost()
    {
        _rig.Ledger.Book(Whole, Whole with { Operation = Guid.NewGuid().ToString() });
        var export = await _rig.ExportAsync(FocusRig.Query(("month", "2026-11")), "csv");
        Assert.Equal(
            [
                ("large-2/input", "600", "Tokens", "0.000600000", "1"),
                ("large-2/cached_input", "1200", "Tokens", "0.000120000", "0.1"),
                ("large-2/cache_write", "200", "Tokens", "0.000250000", "1.25"),
                ("large-2/output", "100", "Tokens", "0.000420000", "4.2"),
                ("large-2/request", "2", "Requests", "0.000010014", "0.000005007"),
            ],
            export.Rows.Select(static row => (row["SkuId"], row["ConsumedQuantity"], row["ConsumedUnit"], row["BilledCost"], row["ListUnitPrice"])));
        var row = export.Rows[0];
        Assert.Equal(
            ("acme", "search", "eu/large", "eu", "acme-labs", "eu-west-1", "0.0006", "1000000 Tokens", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            (row["BillingAccountId"], row["SubAccountId"], row["ResourceId"], row["ProviderName"], row["PublisherName"], row["RegionId"], row["PricingQuantity"], row["PricingUnit"],
                row["ChargePeriodStart"], row["ChargePeriodEnd"], row["BillingPeriodStart"], row["BillingPeriodEnd"]));
        Assert.Null(row["Tags"]);
    }

    [Fact]
    public async Task Rows_of_the_version_before_are_charges_of_tokens_beside_those_with_parts()
    {
        _rig.Ledger.Book(Whole, Whole with { Operation = Guid.NewGuid().ToString(), Parts = null, Cost = 0.5m });
        var export = await _rig.ExportAsync(FocusRig.Query(("month", "2026-11")), "csv");
        var tokens = Assert.Single(export.Rows, static row => row["SkuId"] == "large-2/tokens");
        Assert.Equal(("1050", "0.500000000"), (tokens["ConsumedQuantity"], tokens["BilledCost"]));
        Assert.Equal(("300", "0.000300000"), (export.Rows[0]["ConsumedQuantity"], export.Rows[0]["BilledCost"]));
        Assert.Equal(0.500700007m, export.Sum("BilledCost", "USD"));
    }

    [Fact]
    public async Task What_has_no_price_has_no_row_and_that_is_said()
    {
        _rig.Ledger.Book(Whole, new BookedRow { Input = 5, Output = 5 }, new BookedRow { Tenant = "beta", Input = 5, Output = 5 });
        var (content, warning) = await _rig.BytesAsync(FocusRig.Query(("month", "2026-11")), "csv");
        Assert.Equal(5, FocusExport.OfCsv(content).Rows.Count);
        Assert.StartsWith("2 attempts have no price", warning, StringComparison.Ordinal);
        Assert.Null((await _rig.BytesAsync(FocusRig.Query(("month", "2026-10")), "csv")).Warning);
        Assert.StartsWith("1 attempts", (await _rig.BytesAsync(FocusRig.Query(("tenant", "beta")), "csv")).Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_tell_charges_apart_where_they_are_asked_for()
    {
        _rig.Ledger.Book(
            Whole,
            Whole with { Operation = Guid.NewGuid().ToString(), Tags = """{"env":"test","team":"a"}""" },
            Whole with { Operation = Guid.NewGuid().ToString(), Tags = "{}" });
        Assert.Equal(["""{"team":"a"}""", "{}"], await TagsAsync("team"));
        Assert.Equal(["""{"env":"prod","team":"a"}""", """{"env":"test","team":"a"}""", "{}"], await TagsAsync("*"));
        Assert.Equal(["""{"env":"prod"}""", """{"env":"test"}""", "{}"], await TagsAsync("env"));

        async Task<IEnumerable<string?>> TagsAsync(string asked) =>
            (await _rig.ExportAsync(FocusRig.Query(("tags", asked)), "csv")).Rows.Select(static row => row["Tags"]).Distinct().OrderDescending(StringComparer.Ordinal).Order(new ByLength());
    }

    [Fact]
    public async Task An_export_is_the_same_from_roll_ups()
    {
        _rig.Ledger.Book(Whole, Whole with { Operation = Guid.NewGuid().ToString(), Parts = null }, new BookedRow { Input = 3, Currency = "CNY", Cost = 2m });
        var before = (await _rig.BytesAsync(FocusRig.Query(), "csv")).Content;
        using (var rollUps = new SqliteRollUps(_rig.Ledger.Database))
        {
            Assert.True(rollUps.Step());
        }

        Assert.Equal(before, (await _rig.BytesAsync(FocusRig.Query(), "csv")).Content);
        _rig.Ledger.Clear();
        Assert.Equal(before, (await _rig.BytesAsync(FocusRig.Query(), "csv")).Content);
    }

    [Fact]
    public async Task A_byte_order_mark_stands_before_the_text_where_it_is_asked_for()
    {
        var (plain, _) = await _rig.BytesAsync(FocusRig.Query(), "csv");
        var (marked, _) = await _rig.BytesAsync(FocusRig.Query(), "csv", bom: true);
        Assert.Equal([.. Encoding.UTF8.Preamble, .. plain], marked);
        Assert.StartsWith("BilledCost,BillingAccountId,", Encoding.UTF8.GetString(plain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_rows_than_a_group_has_come_whole_in_parquet()
    {
        _rig.Ledger.Book(Enumerable.Range(0, 20_001).Select(static number => new BookedRow { ModelAnswered = $"m{number}", Input = 1, Currency = "USD", Cost = number * 0.000000001m }));
        var export = await _rig.ExportAsync(FocusRig.Query(), "parquet");
        Assert.Equal(20_001, export.Rows.Count);
        Assert.Equal(20_001 * 20_000m / 2 * 0.000000001m, export.Sum("BilledCost", "USD"));
    }

    [Theory]
    [InlineData("month", "11-2026")]
    [InlineData("month", "9999-12")]
    [InlineData("from", "2026-11-01T01:00:00Z")]
    [InlineData("currency", "USD")]
    [InlineData("group_by", "tenant")]
    [InlineData("colour", "red")]
    [InlineData("to", "2028-11-01")]
    [InlineData("tags", "*,team")]
    public void What_cannot_be_exported_is_refused(string name, string value)
    {
        var error = Assert.Throws<UsageQueryException>(() => FocusRig.Query((name, value)));
        Assert.Equal(name, error.Parameter);
        Assert.StartsWith(name == "colour" ? "'colour'" : name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_month_and_a_day_are_not_named_together() =>
        Assert.Equal("month", Assert.Throws<UsageQueryException>(() => FocusRig.Query(("month", "2026-11"), ("from", "2026-11-01"))).Parameter);

    public void Dispose() => _rig.Dispose();

    private sealed class ByLength : IComparer<string?>
    {
        public int Compare(string? left, string? right) =>
            (right?.Length ?? 0).CompareTo(left?.Length ?? 0) is not 0 and var order ? order : string.Compare(left, right, CultureInfo.InvariantCulture, CompareOptions.Ordinal);
    }
}

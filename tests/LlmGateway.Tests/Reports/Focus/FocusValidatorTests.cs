namespace LlmGateway.Tests.Reports.Focus;

/// <summary>A validator that finds nothing is worth something only where it finds what is wrong.</summary>
public sealed class FocusValidatorTests : IDisposable
{
    private readonly FocusRig _rig = new();

    [Fact]
    public void The_specification_has_all_columns_of_its_version()
    {
        var specification = FocusSpecification.Load();
        Assert.Equal(("1.2", 57, 21), (specification.Version, specification.Columns.Count, specification.Columns.Count(static column => column.Level == "mandatory")));
        Assert.All(specification.Rules.SelectMany(static rule => rule.Columns.Concat(rule.When?.Keys ?? Enumerable.Empty<string>())), name => Assert.Contains(specification.Columns, column => column.Name == name));
        Assert.All(specification.Columns, column => Assert.Matches(specification.Formats["name"], column.Name));
    }

    [Theory]
    [InlineData("BilledCost", null, "BilledCost is null")]
    [InlineData("BilledCost", "1e-5", "BilledCost is '1e-5'")]
    [InlineData("BilledCost", "+1", "BilledCost is '+1'")]
    [InlineData("BillingCurrency", "usd", "BillingCurrency is 'usd'")]
    [InlineData("ChargeCategory", "Spend", "ChargeCategory is 'Spend'")]
    [InlineData("ChargePeriodStart", "2026-11-23", "ChargePeriodStart is '2026-11-23'")]
    [InlineData("ChargePeriodEnd", "2026-11-23T00:00:00Z", "charge-period: ")]
    [InlineData("ConsumedQuantity", "0", "consumed-positive: ")]
    [InlineData("ConsumedQuantity", null, "consumed: ")]
    [InlineData("ConsumedUnit", "tokens", "ConsumedUnit is 'tokens'")]
    [InlineData("PricingQuantity", "5", "contracted-cost: ")]
    [InlineData("ListUnitPrice", "-1", "ListUnitPrice is '-1'")]
    [InlineData("ListUnitPrice", "1", "list-cost: ")]
    [InlineData("PricingUnit", null, "usage-has: ")]
    [InlineData("ResourceType", null, "resource-type: ")]
    [InlineData("ServiceSubcategory", "Virtual Machines", "ServiceSubcategory is 'Virtual Machines'")]
    [InlineData("SkuId", "another", "sku-parent: ")]
    [InlineData("SkuPriceDetails", "{\"a\":[1]}", "SkuPriceDetails is '")]
    [InlineData("Tags", "team=a", "Tags is 'team=a'")]
    [InlineData("ChargeCategory", "Tax", "tax: ")]
    public async Task What_is_wrong_is_found(string column, string? value, string expected)
    {
        var export = await WithTwoAsync();
        var wrong = export with { Rows = [export.Rows[0], new Dictionary<string, string?>(export.Rows[1]) { [column] = value }] };
        Assert.Empty(new FocusValidator(FocusSpecification.Load()).Check(export));
        Assert.Contains(new FocusValidator(FocusSpecification.Load()).Check(wrong), line => line.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_column_that_is_missing_or_not_known_is_found()
    {
        var export = await WithTwoAsync();
        var renamed = new FocusExport(
            [.. export.Columns.Select(static name => name == "EffectiveCost" ? "effective" : name)],
            [.. export.Rows.Select(static row => row.ToDictionary(static cell => cell.Key == "EffectiveCost" ? "effective" : cell.Key, static cell => cell.Value))]);
        Assert.Equal(["EffectiveCost is missing", "effective is no column of FOCUS, nor named as a custom one"], new FocusValidator(FocusSpecification.Load()).Check(renamed));
    }

    public void Dispose() => _rig.Dispose();

    // The same SKU on two days.
    private async Task<FocusExport> WithTwoAsync()
    {
        var row = new BookedRow { Deployment = "eu/large", Provider = "eu", ModelAnswered = "large", Input = 1_000_000, Currency = "USD", Cost = 2m };
        _rig.Ledger.Book(row, row with { Operation = Guid.NewGuid().ToString(), StartedAt = "2026-11-24T00:00:00.000000Z" });
        return await _rig.ExportAsync(FocusRig.Query(), "csv");
    }
}

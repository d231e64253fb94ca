namespace LlmGateway.Reports.Focus;

/// <summary>
/// A column of FOCUS 1.2 and how a charge fills it: exactly one of the three. There are the mandatory columns, the recommended ones, and those
/// conditional ones whose condition the gateway meets; commitments, availability zones, invoices of its own and currencies of pricing that differ
/// from that of billing it does not have.
/// </summary>
internal sealed record FocusColumn(string Name, Func<FocusCharge, string?>? Text = null, Func<FocusCharge, decimal?>? Number = null, Func<FocusCharge, DateTimeOffset>? Time = null)
{
    /// <summary>In the order of the file.</summary>
    public static readonly IReadOnlyList<FocusColumn> All =
    [
        Cost("BilledCost"),
        new("BillingAccountId", static charge => charge.Tenant),
        new("BillingAccountName", static charge => charge.Tenant),
        new("BillingAccountType", static _ => "Tenant"),
        new("BillingCurrency", static charge => charge.Currency.Code),
        new("BillingPeriodEnd", Time: static charge => charge.Period.BillingEnd),
        new("BillingPeriodStart", Time: static charge => charge.Period.BillingStart),
        new("ChargeCategory", static charge => charge.IsAdjustment ? "Adjustment" : "Usage"),
        new("ChargeClass", static charge => charge.IsCorrection ? "Correction" : null),
        new("ChargeDescription", static charge => charge.Sku?.Description ?? "Correction of charges of an earlier period"),
        new("ChargeFrequency", static charge => charge.IsAdjustment ? "One-Time" : "Usage-Based"),
        new("ChargePeriodEnd", Time: static charge => charge.Period.End),
        new("ChargePeriodStart", Time: static charge => charge.Period.Start),
        new("ConsumedQuantity", Number: static charge => charge.Consumed),
        new("ConsumedUnit", static charge => charge.ConsumedUnit),
        Cost("ContractedCost"),
        new("ContractedUnitPrice", Number: static charge => charge.UnitPrice),
        Cost("EffectiveCost"),
        new("InvoiceIssuerName", static charge => charge.Provider),
        Cost("ListCost"),
        new("ListUnitPrice", Number: static charge => charge.UnitPrice),
        new("PricingCategory", static charge => charge.IsAdjustment ? null : "Standard"),
        new("PricingCurrency", static charge => charge.Currency.Code),
        new("PricingQuantity", Number: static charge => charge.PricingQuantity),
        new("PricingUnit", static charge => charge.PricingUnit),
        new("ProviderName", static charge => charge.Provider),
        new("PublisherName", static charge => charge.Publisher),
        new("RegionId", static charge => charge.Region),
        new("RegionName", static charge => charge.Region),
        new("ResourceId", static charge => charge.Deployment),
        new("ResourceName", static charge => charge.Deployment),
        new("ResourceType", static charge => charge.Deployment is null ? null : "Deployment"),
        new("ServiceCategory", static _ => "AI and Machine Learning"),
        new("ServiceName", static _ => "Model Inference"),
        new("ServiceSubcategory", static _ => "Generative AI"),
        new("SkuId", static charge => charge.Sku?.Id),
        new("SkuMeter", static charge => charge.Sku?.Meter),
        new("SkuPriceDetails", static charge => charge.Sku?.Details),
        new("SkuPriceId", static charge => charge.Sku?.PriceId),
        new("SubAccountId", static charge => charge.Project),
        new("SubAccountName", static charge => charge.Project),
        new("SubAccountType", static charge => charge.Project is null ? null : "Project"),
        new("Tags", static charge => charge.Tags),
    ];

    /// <summary>Whether it is an amount, which has nine decimals and is always there.</summary>
    public bool IsCost { get; private init; }

    private static FocusColumn Cost(string name) => new(name, Number: static charge => charge.Cost) { IsCost = true };
}

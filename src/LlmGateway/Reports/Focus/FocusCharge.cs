using LlmGateway.Catalog;

namespace LlmGateway.Reports.Focus;

/// <summary>A charge: what one kind of tokens of a deployment cost a project on a day. A row of the export.</summary>
internal sealed class FocusCharge
{
    private const decimal TokensPerUnit = 1_000_000m;

    // Times less than 1e15 tokens a day, a price of so many decimals gives the cost back to its last digit.
    private const int PriceDecimals = 18;

    private const decimal WithoutTrailingZeros = 1.000000000000000000000000000m;

    public required FocusPeriod Period { get; init; }

    public required string Tenant { get; init; }

    public required string? Project { get; init; }

    public required string? Deployment { get; init; }

    public required string Provider { get; init; }

    public required string Publisher { get; init; }

    public required string? Region { get; init; }

    /// <summary>Null for a correction, which is of no price.</summary>
    public required FocusSku? Sku { get; init; }

    public required Currency Currency { get; init; }

    public required decimal Cost { get; init; }

    /// <summary>A JSON object; null where tags were not asked for.</summary>
    public required string? Tags { get; init; }

    /// <summary>Tokens, or requests.</summary>
    public required long Quantity { get; init; }

    public required bool CountsRequests { get; init; }

    /// <summary>What finance booked: no usage of its own.</summary>
    public bool IsAdjustment => Sku is null;

    /// <summary>It changes what was charged before, as a cost below 0 does; the rules on quantities and prices are not for it.</summary>
    public bool IsCorrection => IsAdjustment || Cost < 0;

    public decimal? Consumed => IsCorrection ? null : Quantity;

    public string? ConsumedUnit => IsCorrection ? null : CountsRequests ? "Requests" : "Tokens";

    /// <summary>In the unit that vendors name their prices for.</summary>
    public decimal? PricingQuantity => IsCorrection ? null : CountsRequests ? Quantity : Quantity / TokensPerUnit;

    public string? PricingUnit => IsCorrection ? null : CountsRequests ? "Requests" : "1000000 Tokens";

    /// <summary>What a unit came to on the day: the price where there was but one, and a mean where there were several, by tier, hour or change.</summary>
    public decimal? UnitPrice => IsCorrection ? null : decimal.Round(Cost / PricingQuantity!.Value, PriceDecimals) / WithoutTrailingZeros;
}

using LlmGateway.Ledger;

namespace LlmGateway.Reports.Focus;

/// <summary>The sums that charges are made of, and where each stands in a row.</summary>
internal static class FocusFigures
{
    public const int Attempts = 0;
    public const int Input = 1;
    public const int Output = 2;

    /// <summary>The first part of the cost, in 1e-9; the others follow in the order of <see cref="FocusKind.Parts"/>.</summary>
    public const int Costs = 3;

    /// <summary>The first quantity, in the same order.</summary>
    public static readonly int Quantities = Costs + FocusKind.Parts.Count;

    public static readonly IReadOnlyList<(string Name, string Sql)> All =
        [.. LedgerSums.Figures.Where(static figure => figure.Name is "attempts" or "input_tokens" or "output_tokens"), .. LedgerSums.Splits];
}

using LlmGateway.Catalog;

namespace LlmGateway.Limits.Alerts;

/// <summary>
/// Whether the figures of a budget are worth telling. Those that are this node's guess are not: what is told once a period must be true, and they
/// are looked at again when the engine is back.
/// </summary>
internal static class BudgetRules
{
    // Less than this share left is no room: hardly a request would fit.
    private const int NoRoom = 100;

    /// <summary>What is spent has come to the share that a warning is wanted at.</summary>
    public static bool Warns(Budget budget, in AccountFigures figures) =>
        !figures.IsDegraded && figures.Spent > 0 && budget.Amount.Amount > 0 && figures.Spent >= Nanos.Of(budget.Amount.Amount * (decimal)budget.Warn);

    /// <summary>It refuses requests, or soon will. What is only held says nothing of that: most of it comes back.</summary>
    /// <param name="refused">It has.</param>
    public static bool Stops(Budget budget, in AccountFigures figures, bool refused)
    {
        var limit = Nanos.Of(budget.Amount.Amount);
        return budget.Stop && !figures.IsDegraded && (refused || (limit > 0 && limit - figures.Spent < Math.Max(1, limit / NoRoom)));
    }
}

using LlmGateway.Catalog;

namespace LlmGateway.Limits.Alerts;

/// <summary>Whether the figures of a budget are worth telling.</summary>
internal static class BudgetRules
{
    // Less than this share left is no room: hardly a request would fit.
    private const int NoRoom = 100;

    /// <summary>What is spent has come to the share that a warning is wanted at.</summary>
    public static bool Warns(Budget budget, in AccountFigures figures) =>
        figures.Spent > 0 && budget.Amount.Amount > 0 && figures.Spent >= Nanos.Of(budget.Amount.Amount * (decimal)budget.Warn);

    /// <summary>It refuses requests, or soon will.</summary>
    /// <param name="refused">It has.</param>
    public static bool Stops(Budget budget, in AccountFigures figures, bool refused)
    {
        var limit = Nanos.Of(budget.Amount.Amount);
        return budget.Stop && (refused || (limit > 0 && figures.Left(limit) < Math.Max(1, limit / NoRoom)));
    }
}

using LlmGateway.Catalog;

namespace LlmGateway.Gateway;

/// <summary>Tells what budgets have come to.</summary>
internal interface IBudgetFigures
{
    /// <summary>One for each that is asked for, in that order; null for one that is not counted, or cannot be looked up now.</summary>
    ValueTask<IReadOnlyList<BudgetFigures?>> ReadAsync(IReadOnlyList<ScopedBudget> budgets, CancellationToken cancellation);
}

/// <summary>A budget with whom it is of.</summary>
internal readonly record struct ScopedBudget(AllowanceScope Scope, Budget Budget);

/// <summary>What a budget has come to in its current period.</summary>
/// <param name="Spent">Settled.</param>
/// <param name="Held">For requests in flight.</param>
/// <param name="Left">Neither spent nor held; not below zero.</param>
/// <param name="ResetsAt">When it begins anew; null for a total, and for one that rolls.</param>
/// <param name="RunsOutAt">When nothing will be left at the current pace; null where that is not before it begins anew, or nobody can tell.</param>
internal sealed record BudgetFigures(Money Spent, Money Held, Money Left, DateTimeOffset? ResetsAt, DateTimeOffset? RunsOutAt);

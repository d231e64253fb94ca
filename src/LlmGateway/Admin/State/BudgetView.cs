using System.Text.Json.Serialization;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin.State;

/// <summary>A budget as the admin API shows it.</summary>
/// <param name="KeyId">Null for a budget of tenant or project.</param>
internal sealed record BudgetView(
    string Id, string Source, string Tenant, string? Project, string? KeyId, string Name, string Amount, string Currency, string Period, string Timezone,
    bool Rolling, double Warn, bool Stop, bool AllowUnpriced, string? Tag, bool InForce, DateTime? CreatedAt, DateTime? UpdatedAt)
    : StateView(Id, Source, InForce, CreatedAt, UpdatedAt)
{
    public override AllowanceScope Owner() => new(Tenant, Project, KeyId);

    [JsonIgnore]
    public Budget? Budget { get; init; }

    /// <summary>What it has come to; null where nobody counts, or it cannot be looked up now.</summary>
    public FiguresView? Figures { get; init; }

    public static BudgetView Of(AllowanceScope scope, Budget budget) => new(
        Words.IdOf(StateKind.Budget, scope, budget.Name), Configuration, scope.Tenant, scope.Project, scope.KeyId, budget.Name,
        budget.Amount.AmountText, budget.Amount.Currency.Code, Words.Of(budget.Period), budget.TimeZone.Id,
        budget.Rolling, budget.Warn, budget.Stop, budget.AllowUnpriced, budget.Tag?.ToString(), InForce: true, null, null)
    {
        Budget = budget,
    };

    public static BudgetView Of(StoredBudget stored, bool inForce) => Of(stored.Scope, stored.Budget) with
    {
        Id = stored.Mark.Id,
        Source = Admin,
        InForce = inForce,
        CreatedAt = stored.Mark.CreatedAt.UtcDateTime,
        UpdatedAt = stored.Mark.UpdatedAt.UtcDateTime,
        Sequence = stored.Mark.Sequence,
    };
}

/// <summary>What a budget has come to in its current period.</summary>
internal sealed record FiguresView(MoneyView Spent, MoneyView Held, MoneyView Left, DateTime? ResetsAt, DateTime? RunsOutAt)
{
    public static FiguresView? Of(BudgetFigures? figures) => figures is null ? null : new FiguresView(
        Money(figures.Spent), Money(figures.Held), Money(figures.Left), figures.ResetsAt?.UtcDateTime, figures.RunsOutAt?.UtcDateTime);

    private static MoneyView Money(Money money) => new(money.AmountText, money.Currency.Code);
}

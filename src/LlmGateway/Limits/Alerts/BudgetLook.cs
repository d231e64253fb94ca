namespace LlmGateway.Limits.Alerts;

/// <summary>What one look at all budgets finds, for the metrics.</summary>
internal sealed class BudgetLook
{
    private const int Warned = 1;
    private const int Stopped = 2;

    /// <summary>The least that is left of a tenant's own budgets.</summary>
    public Dictionary<(string Tenant, string Currency), decimal> Left { get; } = [];

    /// <summary>The largest share that is spent of any budget of a tenant, its projects and its keys.</summary>
    public Dictionary<string, double> Used { get; } = new(StringComparer.Ordinal);

    /// <summary>0 fine, 1 warned, 2 stopped: the worst of them.</summary>
    public Dictionary<string, int> States { get; } = new(StringComparer.Ordinal);

    public void Add(WatchedBudget watched, in AccountFigures figures, bool warns, bool stops)
    {
        var tenant = watched.Scope.Tenant;
        if (watched.Account.Level is AccountLevel.Tenant)
        {
            var key = (tenant, watched.Budget.Amount.Currency.Code);
            Left[key] = Math.Min(Left.GetValueOrDefault(key, decimal.MaxValue), Nanos.Amount(figures.Left(watched.Account.Limit)));
        }

        var amount = watched.Budget.Amount.Amount;
        var used = amount > 0 ? (double)(Nanos.Amount(figures.Spent) / amount) : 1;
        Used[tenant] = Math.Max(Used.GetValueOrDefault(tenant), used);
        States[tenant] = Math.Max(States.GetValueOrDefault(tenant), stops ? Stopped : warns ? Warned : 0);
    }
}

using LlmGateway.Gateway;

namespace LlmGateway.Limits;

/// <summary>What budgets have come to, and when they will run out at the pace of the last day.</summary>
internal sealed class BudgetReader(IReservationEngine engine, AccountHistory history, TimeProvider time) : IBudgetFigures
{
    private static readonly TimeSpan Pace = TimeSpan.FromDays(1);

    public async ValueTask<IReadOnlyList<BudgetFigures?>> ReadAsync(IReadOnlyList<ScopedBudget> budgets, CancellationToken cancellation)
    {
        var accounts = budgets.Select(budget => new AccountBuilder(budget.Scope.Tenant, budget.Scope.Project, budget.Scope.KeyId).Build(budget.Budget)).ToArray();
        var all = new BudgetFigures?[accounts.Length];

        // The accounts of one tenant are together wherever they are kept.
        foreach (var tenant in accounts.Index().GroupBy(entry => entry.Item.Tenant, StringComparer.Ordinal))
        {
            var entries = tenant.ToArray();
            var figures = await engine.ReadAsync([.. entries.Select(entry => entry.Item)], cancellation);
            for (var i = 0; i < entries.Length; i++)
            {
                all[entries[i].Index] = await OfAsync(entries[i].Item, figures[i], cancellation);
            }
        }

        return all;
    }

    private async ValueTask<BudgetFigures> OfAsync(Account account, AccountFigures figures, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var currency = account.Budget!.Amount.Currency;
        var end = account.Calendar?.At(now).End;
        DateTimeOffset? resets = end == DateTimeOffset.MaxValue ? null : end;
        var left = figures.Left(account.Limit);
        return new BudgetFigures(
            Nanos.Money(figures.Spent, currency), Nanos.Money(figures.Held, currency), Nanos.Money(left, currency), resets,
            await RunsOutAsync(account, left, now, resets, cancellation));
    }

    private async ValueTask<DateTimeOffset?> RunsOutAsync(Account account, long left, DateTimeOffset now, DateTimeOffset? resets, CancellationToken cancellation)
    {
        // What rolls gives back as fast as it took: at an even pace it is full or never is.
        if (account.Budget!.Rolling)
        {
            return null;
        }

        if (left == 0)
        {
            return now;
        }

        var from = account.Calendar!.At(now).Start is var start && now - start < Pace ? start : now - Pace;
        try
        {
            var spent = await history.SumAsync(account, from, now, cancellation);
            var hours = (now - from).TotalHours * left / Math.Max(spent, 1.0);
            return spent > 0 && hours < TimeSpan.FromDays(3650).TotalHours && now.AddHours(hours) is var at && (resets is null || at < resets) ? at : null;
        }
        catch (SpendHistoryException)
        {
            return null;
        }
    }
}

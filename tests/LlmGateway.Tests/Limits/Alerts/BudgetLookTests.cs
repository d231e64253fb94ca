using LlmGateway.Catalog;
using LlmGateway.Limits;
using LlmGateway.Limits.Alerts;

namespace LlmGateway.Tests.Limits.Alerts;

public class BudgetLookTests
{
    [Fact]
    public void Of_all_budgets_of_a_tenant_the_worst_shows_and_what_is_left_is_of_its_own()
    {
        var look = new BudgetLook();
        var own = Watched(new AllowanceScope("acme"), 10);
        var small = Watched(new AllowanceScope("acme", "search"), 2);

        look.Add(own, new AccountFigures(Nanos.Of(4), Nanos.Of(1), IsDegraded: false), warns: false, stops: false);
        look.Add(small, new AccountFigures(Nanos.Of(1.8m), 0, IsDegraded: false), warns: true, stops: false);

        Assert.Equal(5, look.Left[("acme", "USD")]);
        Assert.Equal(0.9, look.Used["acme"], 9);
        Assert.Equal(1, look.States["acme"]);
        look.Add(own, new AccountFigures(Nanos.Of(10), 0, IsDegraded: false), warns: true, stops: true);
        Assert.Equal(0, look.Left[("acme", "USD")]);
        Assert.Equal(2, look.States["acme"]);
    }

    private static WatchedBudget Watched(AllowanceScope scope, decimal amount)
    {
        var budget = new Budget { Name = "b", Amount = new Money(amount, new Currency("USD")), Period = BudgetPeriod.Month };
        return new WatchedBudget(scope, budget, new AccountBuilder(scope.Tenant, scope.Project, scope.KeyId).Build(budget));
    }
}

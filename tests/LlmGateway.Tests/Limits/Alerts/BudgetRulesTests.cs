using LlmGateway.Catalog;
using LlmGateway.Limits;
using LlmGateway.Limits.Alerts;

namespace LlmGateway.Tests.Limits.Alerts;

public sealed class BudgetRulesTests
{
    private static readonly Budget Hundred = new() { Name = "month", Amount = new Money(100, Currency.Usd), Period = BudgetPeriod.Month };

    [Theory]
    [InlineData(79.999999999, false)]
    [InlineData(80, true)]
    [InlineData(150, true)]
    public void A_warning_comes_with_the_share_that_is_spent(double spent, bool warns) =>
        Assert.Equal(warns, BudgetRules.Warns(Hundred, Figures((decimal)spent, held: 20)));

    [Fact]
    public void Nothing_spent_is_nothing_to_warn_of()
    {
        Assert.False(BudgetRules.Warns(Hundred with { Warn = 0 }, Figures(0, held: 100)));
        Assert.True(BudgetRules.Warns(Hundred with { Warn = 0 }, Figures(0.000000001m)));
        Assert.False(BudgetRules.Warns(Hundred with { Amount = new Money(0, Currency.Usd) }, Figures(1)));
    }

    [Theory]
    [InlineData(99, 0, false)]
    [InlineData(99.000000001, 0, true)]
    [InlineData(150, 0, true)]
    [InlineData(50, 49.5, false)]
    public void It_stops_where_less_than_a_hundredth_is_left_to_spend_whatever_is_held(double spent, double held, bool stops) =>
        Assert.Equal(stops, BudgetRules.Stops(Hundred, Figures((decimal)spent, (decimal)held), refused: false));

    [Fact]
    public void It_stops_where_it_has_refused_a_request()
    {
        Assert.True(BudgetRules.Stops(Hundred, Figures(50), refused: true));
        Assert.True(BudgetRules.Stops(Hundred with { Amount = new Money(0, Currency.Usd) }, Figures(0), refused: true));
        Assert.False(BudgetRules.Stops(Hundred with { Amount = new Money(0, Currency.Usd) }, Figures(0), refused: false));
    }

    [Fact]
    public void What_a_node_guesses_while_the_engine_is_away_is_not_told()
    {
        var guess = Figures(100) with { IsDegraded = true };

        Assert.Equal((false, false, false), (BudgetRules.Warns(Hundred, guess), BudgetRules.Stops(Hundred, guess, refused: false), BudgetRules.Stops(Hundred, guess, refused: true)));
    }

    [Fact]
    public void The_last_nano_of_the_smallest_budget_is_room() =>
        Assert.False(BudgetRules.Stops(Hundred with { Amount = new Money(0.000000001m, Currency.Usd) }, Figures(0), refused: false));

    [Fact]
    public void One_that_only_warns_never_stops() =>
        Assert.False(BudgetRules.Stops(Hundred with { Stop = false }, Figures(200), refused: false));

    private static AccountFigures Figures(decimal spent, decimal held = 0) => new(Nanos.Of(spent), Nanos.Of(held), IsDegraded: false);
}

using LlmGateway.Catalog;
using LlmGateway.Limits;
using LlmGateway.Limits.Alerts;

namespace LlmGateway.Tests.Limits.Alerts;

public sealed class AlertIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 14, 20, 0, TimeSpan.Zero);

    private static readonly Webhook Hook = Of("https://hooks.example.com/budgets");

    [Fact]
    public void The_same_event_has_the_same_id_whenever_and_wherever_it_is_seen()
    {
        var alert = Alert(Monthly(100), Now);
        var later = Alert(Monthly(100), Now.AddDays(3)) with { Figures = new AccountFigures(5, 5, true) };
        Assert.Equal(alert.IdFor(Hook), later.IdFor(Of("https://hooks.example.com/budgets")));
        Assert.Matches("^msg_[0-9a-f]{32}$", alert.IdFor(Hook));
    }

    [Fact]
    public void Another_event_has_another()
    {
        var alert = Alert(Monthly(100), Now);
        string[] ids =
        [
            alert.IdFor(Hook),
            alert.IdFor(Of("https://hooks.example.com/other")),
            (alert with { Type = AlertTypes.Stop }).IdFor(Hook),
            Alert(Monthly(100), Now.AddMonths(1)).IdFor(Hook),
            Alert(Monthly(200), Now).IdFor(Hook),
            Alert(Monthly(100), Now, new AllowanceScope("acme", "search")).IdFor(Hook),
            Alert(Monthly(100), Now, new AllowanceScope("globex")).IdFor(Hook),
            Alert(Monthly(100) with { Name = "other" }, Now).IdFor(Hook),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void What_rolls_is_told_once_in_its_length()
    {
        var rolling = Monthly(100) with { Period = BudgetPeriod.Day, Rolling = true };
        Assert.Equal(Alert(rolling, Now).IdFor(Hook), Alert(rolling, Now.AddHours(9)).IdFor(Hook));
        Assert.NotEqual(Alert(rolling, Now).IdFor(Hook), Alert(rolling, Now.AddDays(1)).IdFor(Hook));
    }

    [Fact]
    public void What_never_ends_is_told_once()
    {
        var total = Monthly(100) with { Period = BudgetPeriod.Total };
        Assert.Equal(Alert(total, Now).IdFor(Hook), Alert(total, Now.AddYears(9)).IdFor(Hook));
        Assert.Null(Alert(total, Now).Period.End);
    }

    [Fact]
    public void A_webhook_wants_what_its_globs_say()
    {
        var hook = Hook with { Events = ["budget.*"], Tenants = ["ac*", "globex"] };
        Assert.True(hook.Wants(AlertTypes.Stop, "acme") && hook.Wants(AlertTypes.Warning, "globex"));
        Assert.False(hook.Wants(AlertTypes.Anomaly, "acme") || hook.Wants(AlertTypes.Stop, "globex-2"));
    }

    private static Webhook Of(string url) => new(new Uri(url), new Secret("a secret of twenty-four bytes"), ["*"], ["*"]);

    private static Budget Monthly(decimal amount) => new() { Name = "month", Amount = new Money(amount, Currency.Usd), Period = BudgetPeriod.Month };

    private static Alert Alert(Budget budget, DateTimeOffset at, AllowanceScope? scope = null)
    {
        var whose = scope ?? new AllowanceScope("acme");
        var account = new AccountBuilder(whose.Tenant, whose.Project, whose.KeyId).Build(budget);
        return new Alert(AlertTypes.Warning, new WatchedBudget(whose, budget, account), AlertPeriod.Of(account, at), at, default);
    }
}

using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

public sealed class ContractExampleTests : IDisposable
{
    private readonly ConfigFolder _folder = new(ContractExample.Files);
    private readonly ConfigResult _loaded;
    private readonly Snapshot _snapshot;

    public ContractExampleTests()
    {
        foreach (var (name, value) in ContractExample.Environment)
        {
            _folder.Environment.Add(name, value);
        }

        _loaded = _folder.Load();
        Assert.DoesNotContain(_loaded.Problems, problem => problem.IsError);
        _snapshot = _loaded.Snapshot!;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_enforced_is_said_with_its_place()
    {
        Assert.Equal(
            [
                "config/routes.yaml:11:5: warning: routes.chat.on_unsupported: not enforced by this version: requests pass as they are; remove it",
            ],
            _loaded.Problems.Select(problem => problem.ToString()).OrderBy(text => text.Split(':')[0], StringComparer.Ordinal));
    }

    [Fact]
    public void A_provider_carries_its_address_credentials_and_limits()
    {
        var deepseek = _snapshot.Providers["deepseek"];
        Assert.Equal(("deepseek", "cn", "https://api.deepseek.com/v1"), (deepseek.Profile, deepseek.Region, deepseek.BaseUrl!.OriginalString));
        Assert.Equal(
            new Timeouts(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(10)), deepseek.Timeouts);
        var credential = Assert.Single(deepseek.Credentials);
        Assert.Equal(("deepseek#1", "vendor-secret-of-deepseek", 1), (credential.Name, credential.Key.Reveal(), credential.Weight));
        Assert.True(_snapshot.Providers["simulator"].Builtin);
        Assert.True(_snapshot.Providers["local"].Usable);
        Assert.False(_snapshot.Providers["qwen"].Usable);
        Assert.Equal(Timeouts.Default, _snapshot.Providers["qwen"].Timeouts);
    }

    [Fact]
    public void A_deployment_carries_what_it_can_do_and_overrides_its_providers_limits()
    {
        var flash = _snapshot.Deployments["deepseek/flash"];
        Assert.Equal(("deepseek-flash", 1_000_000, 384_000, 0.8), (flash.Model, flash.Context, flash.MaxOutput, flash.Quality));
        Assert.Equal(Capabilities.Tools | Capabilities.Vision | Capabilities.JsonObject | Capabilities.Reasoning, flash.Capabilities);
        Assert.Equal(flash.Provider.Timeouts with { FirstEvent = TimeSpan.FromSeconds(10) }, flash.Timeouts);
        Assert.Equal(new Quota(600, 2_000_000, 100, null, null), flash.Quota);
        Assert.Equal("deepseek/deepseek-flash", flash.PriceName);
        Assert.Equal("fast", flash.Tags["tier"]);
    }

    [Fact]
    public void A_route_keeps_order_weights_and_policy()
    {
        var chat = _snapshot.Routes["chat"];
        Assert.Equal([("deepseek/flash", 3), ("qwen/plus", 1)], chat.Targets.Select(target => (target.Deployment.Name, target.Weight)));
        Assert.Equal(("balanced", UnpricedRule.Allow), (chat.Policy, chat.Unpriced));
        Assert.Equal((new BalanceWeights(0.5, 0.3, 0.2, 0), Affinity.Prefix, new HedgeSettings(false, 0.05)), (chat.Weights, chat.Affinity, chat.Hedge));
        Assert.Equal(
            new FailoverSettings
            {
                Attempts = 4,
                AttemptsPerDeployment = 3,
                Deadline = TimeSpan.FromSeconds(60),
                RetryBudget = 0.2,
                Prefer = FailoverPreference.Switch,
                MidStream = MidStreamRule.Resume,
                Breaker = new BreakerSettings(0.5, TimeSpan.FromSeconds(30), 10, TimeSpan.FromSeconds(5)),
            },
            chat.Failover);
    }

    [Fact]
    public void A_price_carries_dates_rates_windows_and_tiers()
    {
        var price = Assert.Single(_snapshot.Prices.Entries);
        Assert.Equal(new DateTimeOffset(2026, 9, 10, 0, 0, 0, TimeSpan.Zero), price.From);
        Assert.Equal((new Currency("CNY"), 1_000_000, 0.5m), (price.Currency, price.Per, price.Batch));
        Assert.Equal(new Rates(1, 0.02m, null, 4, null), price.Rates);
        Assert.Equal(new PriceTier(256_000, null, null, new Rates(2, null, null, 8, null)), Assert.Single(price.Tiers));
        Assert.Equal((2.0m, "Asia/Shanghai"), (price.Windows!.Multiplier, price.Windows.TimeZone.Id));
        Assert.Equal(
            [(new TimeOnly(9, 0), new TimeOnly(12, 0)), (new TimeOnly(14, 0), new TimeOnly(18, 0))],
            price.Windows.When.Select(window => (window.Start, window.End)));
        Assert.Equal("Monday Tuesday Wednesday Thursday Friday", string.Join(' ', price.Windows.When[0].Days.Order()));
    }

    [Fact]
    public void Tenants_projects_and_keys_are_there()
    {
        Assert.Equal(new Currency("CNY"), _snapshot.Tenants["acme"].Currency);
        var search = _snapshot.Tenants["acme"].Projects["search"];
        Assert.Equal(("search", "acme"), (search.Name, search.Tenant));
        var ci = _snapshot.Keys.Single(key => key.Tenant == "acme");
        Assert.Equal(("search", "ci", "virtual-secret-of-acme", false), (ci.Project, ci.Name, ci.Key.Reveal(), ci.Demo));
        Assert.Equal(["chat"], ci.Routes);
    }

    [Fact]
    public void Budgets_and_limits_are_those_of_their_scope()
    {
        var acme = _snapshot.Tenants["acme"];
        var month = Assert.Single(acme.Allowance.Budgets);
        Assert.Equal(("month", new Money(1000, new Currency("CNY")), BudgetPeriod.Month, "Asia/Shanghai", 0.8), (month.Name, month.Amount, month.Period, month.TimeZone.Id, month.Warn));
        Assert.True(month is { Stop: true, Rolling: false, AllowUnpriced: false, Tag: null });
        Assert.Equal(new CallerLimits(RequestsPerMinute: 6000, TokensPerMinute: 1000000, Concurrent: 200), acme.Allowance.Limits);
        var day = Assert.Single(acme.Projects["search"].Allowance.Budgets);
        Assert.Equal(("day", new Money(50, new Currency("CNY")), BudgetPeriod.Day), (day.Name, day.Amount, day.Period));
        Assert.Null(acme.Projects["search"].Allowance.Limits);
        Assert.Empty(_snapshot.KeyAllowances);
    }
}

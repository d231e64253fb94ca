using LlmGateway.Catalog;
using LlmGateway.Tests.Catalog;

namespace LlmGateway.Tests.Routing;

/// <summary>What a request is expected to cost, before anybody is asked.</summary>
public sealed class ExpectedCostTests : IDisposable
{
    /// <summary>The request of the rig: two tokens of text and four for the frame of the message.</summary>
    private const int Input = 6;

    private readonly RoutingRig _rig = new() { Rates = RatesOf(("2026-11-01", 0.14m), ("2026-11-23", 0.15m), ("2026-12-01", 0.2m)) };

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Before_there_is_a_history_300_tokens_of_output_are_expected()
    {
        One(_rig.Deploy("p/a", 1, 4));
        AssertCost(Input * 1 + 300 * 4, "p/a");
    }

    [Fact]
    public void Output_is_expected_as_long_as_the_routes_answers_were()
    {
        One(_rig.Deploy("p/a", 1, 4));
        _rig.Histories.Of("chat").Add(100);
        _rig.Histories.Of("chat").Add(200);
        _rig.Histories.Of("other").Add(9000);
        AssertCost(Input * 1 + 150 * 4, "p/a");
    }

    [Fact]
    public void No_more_output_is_expected_than_the_client_allows_and_each_choice_has_its_own()
    {
        One(_rig.Deploy("p/a", 1, 4));
        AssertCost(Input * 1 + 2 * 50 * 4, "p/a", ""","max_tokens":50,"n":2""");
        AssertCost(Input * 1 + 2 * 300 * 4, "p/a", ""","max_tokens":5000,"n":2""");
    }

    [Fact]
    public void Prices_of_another_currency_count_at_the_rate_of_the_day()
    {
        One(_rig.Deploy("p/a", 10, 10, "CNY"));
        AssertCost(306 * 10 * 0.15, "p/a");
        Assert.Equal(Currency.Usd, _rig.Decide().Currency);
    }

    [Fact]
    public void Without_a_rate_the_cost_is_not_known()
    {
        One(_rig.Deploy("p/a", 10, 10, "EUR"));
        Assert.True(double.IsNaN(_rig.Decide().Verdicts[0].Cost));
    }

    [Fact]
    public void An_absent_rate_makes_the_cost_unknown_only_where_it_is_used()
    {
        _rig.Add(Price.Entry("p/a", input: 1));
        One(_rig.Deploy("p/a"));
        Assert.True(double.IsNaN(_rig.Decide().Verdicts[0].Cost));

        var embedding = _rig.Exchange(endpoint: LlmGateway.Gateway.EndpointKind.Embeddings);
        Assert.Equal(embedding.Request!.InputTokenEstimate * 1e-6, _rig.Decide(embedding).Verdicts[0].Cost, 12);
    }

    [Fact]
    public void The_hours_of_a_price_count_and_change_while_the_gateway_runs()
    {
        _rig.Add(Price.Entry("p/a", input: 1, output: 1) with { Windows = Price.Windows("UTC", 3, Price.Window("13:00", "14:00")) });
        One(_rig.Deploy("p/a"));
        AssertCost(306, "p/a");
        _rig.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        AssertCost(306, "p/a");
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        AssertCost(306 * 3, "p/a");
        _rig.Time.Advance(TimeSpan.FromHours(1));
        AssertCost(306, "p/a");
    }

    [Fact]
    public void A_new_price_counts_from_its_date_on()
    {
        _rig.Add(Price.Entry("p/a", input: 1, output: 1));
        _rig.Add(Price.Entry("p/a", from: "2026-11-24", input: 7, output: 7));
        One(_rig.Deploy("p/a"));
        AssertCost(306, "p/a");
        _rig.Time.Advance(TimeSpan.FromHours(12));
        AssertCost(306 * 7, "p/a");
    }

    [Fact]
    public void The_tier_is_that_of_the_expected_length()
    {
        _rig.Add(Price.Entry("p/a", input: 1, output: 1, tiers: [Price.Tier(outputUpTo: 100, input: 5, output: 5), Price.Tier(over: 1000, input: 9, output: 9)]));
        One(_rig.Deploy("p/a"));
        AssertCost(306, "p/a");
        AssertCost((Input + 100) * 5, "p/a", ""","max_tokens":100""");
    }

    [Fact]
    public void A_fee_for_the_request_is_part_of_it()
    {
        _rig.Add(Price.Entry("p/a", input: 1, output: 1) with { PerRequest = 0.25m });
        One(_rig.Deploy("p/a"));
        Assert.Equal(0.25 + 306e-6, _rig.Decide().Verdicts[0].Cost, 12);
    }

    [Fact]
    public void The_cached_share_that_affinity_predicts_costs_the_cached_rate()
    {
        _rig.Affinity.Held["p/a"] = 4;
        _rig.Affinity.Held["p/b"] = 4000;
        _rig.Route("chat", route => route with { Affinity = Affinity.Prefix }, _rig.Deploy("p/a", 10, 4, cached: 1), _rig.Deploy("p/b", 10, 4));

        var decision = _rig.Decide();

        var (a, b) = (RoutingRig.Of(decision, "p/a"), RoutingRig.Of(decision, "p/b"));
        Assert.Equal((4, 6), (a.CachedTokens, b.CachedTokens));
        Assert.Equal((2 * 10 + 4 * 1 + 300 * 4) / 1e6, a.Cost, 12);
        Assert.Equal(4 * 9 / 1e6, a.Saving, 12);
        Assert.Equal(0, b.Saving, 12);
    }

    private static ExchangeRates RatesOf(params (string From, decimal Rate)[] rates) => new(
        Currency.Usd, [new(new Currency("CNY"), rates.ToDictionary(rate => Price.At(rate.From), rate => rate.Rate))]);

    private void One(Deployment deployment) => _rig.Route("chat", null, deployment);

    private void AssertCost(double perMillion, string name, string more = "") =>
        Assert.Equal(perMillion / 1e6, RoutingRig.Of(_rig.Decide(_rig.Exchange(more: more)), name).Cost, 12);
}

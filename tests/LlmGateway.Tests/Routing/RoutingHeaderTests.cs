using LlmGateway.Catalog;
using LlmGateway.Tests.Catalog;

namespace LlmGateway.Tests.Routing;

/// <summary><c>x-gateway-policy</c> and <c>x-gateway-max-cost</c>.</summary>
public sealed class RoutingHeaderTests : IDisposable
{
    private readonly RoutingRig _rig = new()
    {
        Rates = new ExchangeRates(Currency.Usd, [new(new Currency("CNY"), new Dictionary<DateTimeOffset, decimal> { [Price.At("2026-01-01")] = 0.1m })]),
    };

    public RoutingHeaderTests() =>
        // 306 tokens: 0.00306 and 0.000306 USD.
        _rig.Route("chat", route => route with { MaxCost = 0.5m }, _rig.Deploy("p/dear", 10), _rig.Deploy("p/cheap", 1));

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_policy_overrides_that_of_the_route()
    {
        Assert.Equal(["p/dear", "p/cheap"], _rig.Plan());
        var exchange = With("x-gateway-policy", "cheapest");
        Assert.Equal(["p/cheap", "p/dear"], _rig.Plan(exchange));
        Assert.Equal("cheapest", exchange.Plan!.Decisions[0].Policy);
    }

    [Theory]
    [InlineData("cheap")]
    [InlineData(" ")]
    [InlineData("Cheapest")]
    public void An_unknown_policy_is_refused_with_the_names(string policy)
    {
        var error = _rig.Refuse(With("x-gateway-policy", policy));
        Assert.Equal((400, "x-gateway-policy"), (error.Status, error.Param));
        Assert.Contains("balanced, cheapest, fastest, least-busy, most-headroom, priority, sticky, weighted", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.001")]
    [InlineData(" 0.01 CNY ")]
    [InlineData("0.001 USD")]
    public void A_ceiling_leaves_out_what_is_dearer(string ceiling) => Assert.Equal(["p/cheap"], _rig.Plan(With("x-gateway-max-cost", ceiling)));

    [Theory]
    [InlineData("0.1 CNY")]
    [InlineData("1")]
    public void A_ceiling_that_is_high_enough_leaves_all(string ceiling) => Assert.Equal(["p/dear", "p/cheap"], _rig.Plan(With("x-gateway-max-cost", ceiling)));

    [Theory]
    [InlineData(" ")]
    [InlineData("a lot")]
    [InlineData("-1")]
    [InlineData("1e-3")]
    [InlineData("0,01")]
    [InlineData("0.01 usd")]
    [InlineData("0.01 USD more")]
    [InlineData("0.01 EUR")]
    [InlineData("79228162514264337593543950336")]
    public void A_ceiling_that_cannot_be_read_or_compared_is_refused(string ceiling)
    {
        var error = _rig.Refuse(With("x-gateway-max-cost", ceiling));
        Assert.Equal((400, "x-gateway-max-cost", "invalid_header"), (error.Status, error.Param, error.Code));
    }

    [Fact]
    public void A_ceiling_below_every_price_is_told_as_the_clients_own()
    {
        var exchange = With("x-gateway-max-cost", "0.0001");
        var error = _rig.Refuse(exchange);
        Assert.Equal((400, "max_cost_exceeded", "x-gateway-max-cost", false), (error.Status, error.Code, error.Param, error.Retryable));
        Assert.Contains("p/cheap is expected to cost 0.000306 USD, more than the ceiling of 0.0001 USD", error.Message, StringComparison.Ordinal);
        Assert.Empty(exchange.Plan!.Steps);
    }

    [Fact]
    public void A_ceiling_above_that_of_the_route_does_not_raise_it()
    {
        using var rig = new RoutingRig();
        rig.Route("chat", route => route with { MaxCost = 0.0001m }, rig.Deploy("p/a", 1));
        var error = rig.Refuse(rig.Exchange(headers: [("x-gateway-max-cost", "5")]));
        Assert.Equal((400, "max_cost_exceeded"), (error.Status, error.Code));
    }

    [Fact]
    public void The_headers_hold_for_fallbacks_too()
    {
        var exchange = _rig.Exchange(more: ""","fallbacks":["p/dear"]""", headers: [("x-gateway-max-cost", "0.001"), ("x-gateway-policy", "cheapest")]);
        Assert.Equal(["p/cheap"], _rig.Plan(exchange));
        Assert.All(exchange.Plan!.Decisions, decision => Assert.Equal("cheapest", decision.Policy));
    }

    private LlmGateway.Gateway.Exchange With(string header, string value) => _rig.Exchange(headers: [(header, value)]);
}

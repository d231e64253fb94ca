using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>Clients address one deployment, or name fallbacks, within what their key allows.</summary>
public sealed class NarrowingTests : IDisposable
{
    private readonly RoutingRig _rig = new();

    public NarrowingTests()
    {
        var (a, b, other) = (_rig.Deploy("p/a", 1), _rig.Deploy("p/b"), _rig.Deploy("q/other", 1));
        _rig.Deploy("q/unlisted");
        _rig.Route("chat", route => route with { MaxCost = 1000, Unpriced = UnpricedRule.Refuse, Failover = new FailoverSettings { Attempts = 7 }, Hedge = new HedgeSettings(true, 0.3) }, a, b);
        _rig.Route("secret", null, other);
        _rig.Route("zoo", null, a);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_deployment_of_a_route_that_the_key_may_use_is_addressed_by_its_name_under_the_limits_of_that_route()
    {
        var exchange = _rig.Exchange("p/a", keyRoutes: ["chat"]);

        Assert.Equal(["p/a"], _rig.Plan(exchange));
        var route = exchange.Plan!.Route;
        Assert.Equal(("p/a", 1000m, UnpricedRule.Refuse, 7, true), (route.Name, route.MaxCost, route.Unpriced, route.Failover.Attempts, route.Hedge.Enabled));
        Assert.Equal("unpriced_deployment", _rig.Refuse(_rig.Exchange("p/b", keyRoutes: ["chat"])).Code);
    }

    [Fact]
    public void The_limits_are_those_of_a_route_that_the_key_may_use()
    {
        var exchange = _rig.Exchange("p/a", keyRoutes: ["zoo"]);
        Assert.Equal(["p/a"], _rig.Plan(exchange));
        Assert.Null(exchange.Plan!.Route.MaxCost);
    }

    [Fact]
    public void The_route_of_a_deployment_is_one_object_as_long_as_the_configuration_is()
    {
        var (first, second) = (_rig.Exchange("p/a"), _rig.Exchange("p/a"));
        _rig.Plan(first);
        _rig.Plan(second);
        Assert.Same(first.Plan!.Route, second.Plan!.Route);
    }

    [Theory]
    [InlineData("q/other", "chat")]
    [InlineData("q/unlisted", "chat")]
    [InlineData("secret", "chat")]
    [InlineData("nothing", "chat")]
    [InlineData("p/nothing", "*")]
    public void What_the_key_may_not_use_and_what_is_not_there_are_the_same_404(string model, string keyRoute)
    {
        var exchange = _rig.Exchange(model, keyRoutes: [keyRoute]);
        var error = _rig.Refuse(exchange);
        Assert.Equal((404, "model_not_found", "model"), (error.Status, error.Code, error.Param));
        Assert.Equal($"The model `{model}` does not exist or you do not have access to it. GET /v1/models lists the models that this key may use.", error.Message);
        Assert.Null(exchange.Plan);
    }

    [Theory]
    [InlineData("q/unlisted", null)]
    [InlineData("q/unlisted", "q/*")]
    [InlineData("q/other", "q/other")]
    public void A_key_without_bounds_and_one_that_names_it_reach_any_deployment(string model, string? keyRoute) =>
        Assert.Equal([model], _rig.Plan(_rig.Exchange(model, keyRoutes: keyRoute is null ? [] : [keyRoute])));

    [Fact]
    public void Fallbacks_are_appended_and_no_deployment_comes_twice()
    {
        var exchange = _rig.Exchange("zoo", ""","fallbacks":["p/a","chat","secret"]""");

        Assert.Equal(["p/a", "q/other"], _rig.Plan(exchange));
        Assert.Equal("zoo", exchange.Plan!.Route.Name);
        Assert.Equal(["zoo", "p/a", "chat", "secret"], exchange.Plan.Decisions.Select(decision => decision.Route.Name));
    }

    [Fact]
    public void A_fallback_that_is_well_comes_before_a_route_whose_breakers_are_all_open()
    {
        _rig.Health.Set("p/a", new CandidateHealth { BreakerOpen = true });
        Assert.Equal(["q/other", "p/a"], _rig.Plan(_rig.Exchange("zoo", ""","fallbacks":["secret"]""")));
    }

    [Fact]
    public void A_fallback_takes_a_request_that_the_route_cannot() =>
        Assert.Equal(["q/other"], _rig.Plan(_rig.Exchange("p/b", ""","fallbacks":["secret"]""")));

    [Theory]
    [InlineData("nothing")]
    [InlineData("secret")]
    [InlineData("q/unlisted")]
    public void A_fallback_that_is_not_there_or_not_allowed_is_refused_in_the_same_words(string fallback)
    {
        var error = _rig.Refuse(_rig.Exchange(more: $",\"fallbacks\":[\"zoo\",\"{fallback}\"]", keyRoutes: ["chat", "zoo"]));
        Assert.Same(RoutingErrors.UnknownFallback, error);
        Assert.Equal((400, "fallbacks", false), (error.Status, error.Param, error.Retryable));
    }
}

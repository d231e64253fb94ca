using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>What a client is told whose request nobody can take.</summary>
public sealed class RefusalTests : IDisposable
{
    private RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_capability_that_all_lack_is_named()
    {
        _rig.Route("chat", null, Able("p/a", Capabilities.Tools), Able("p/b", Capabilities.Vision), _rig.Deploy("p/retired", with: it => it with { Stage = Stage.Retired }));
        var error = _rig.Refuse(_rig.Exchange(more: ""","reasoning_effort":"high" """));
        Assert.Equal((400, "unsupported_capability", "model", Fault.Caller), (error.Status, error.Code, error.Param, error.Fault));
        Assert.Equal("No deployment of `chat` can do what this request needs: reasoning. Use another model, or leave that out.", error.Message);
    }

    [Fact]
    public void A_chat_at_a_route_of_embeddings_is_told_so()
    {
        _rig.Route("chat", null, Able("p/a", Capabilities.Embeddings));
        Assert.Contains("needs: chat.", _rig.Refuse(_rig.Exchange()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_reasons_are_a_503_with_each_of_them_that_no_retry_mends()
    {
        _rig.Dispose();
        _rig = new RoutingRig { Require = new Requirements("cn", FrozenDictionary<string, string>.Empty) };
        _rig.Route("chat", null,
            _rig.Deploy("p/retired", with: it => it with { Stage = Stage.Retired }),
            _rig.Deploy("locked/x", with: it => it with { Provider = it.Provider with { NeedsCredential = true } }),
            _rig.Deploy("p/us"),
            Able("p/dull", Capabilities.Tools));

        var exchange = _rig.Exchange(more: ""","reasoning_effort":"high" """);
        var error = _rig.Refuse(exchange);

        Assert.Equal((503, "server_error", "no_deployment_available", false, null), (error.Status, error.Type, error.Code, error.Retryable, error.RetryAfter));
        Assert.Equal(
            "No deployment of `chat` can take this request: p/retired is in stage retired; provider locked has no credential; "
            + "p/us is in no declared region, and the tenant requires cn; p/dull cannot do reasoning. The operator of the gateway must mend this in the configuration.",
            error.Message);
        Assert.Empty(exchange.Plan!.Steps);
        Assert.Equal(4, exchange.Plan.Decisions[0].Verdicts.Length);
    }

    [Fact]
    public void Where_only_credentials_are_dead_it_is_what_the_provider_would_say()
    {
        _rig.Route("chat", null, _rig.Deploy("p/a"));
        _rig.Health.Set("p/a", new CandidateHealth { IsDead = true });
        var error = _rig.Refuse(_rig.Exchange());
        Assert.Equal((502, "upstream_auth_error", false), (error.Status, error.Code, error.Retryable));
    }

    [Fact]
    public void Only_unpriced_deployments_where_the_route_refuses_them_are_a_403()
    {
        _rig.Route("chat", route => route with { Unpriced = UnpricedRule.Refuse }, _rig.Deploy("p/a"), _rig.Deploy("p/b"));
        var error = _rig.Refuse(_rig.Exchange());
        Assert.Equal((403, "unpriced_deployment", Fault.Policy), (error.Status, error.Code, error.Fault));
    }

    [Fact]
    public void A_request_that_is_dearer_than_the_routes_ceiling_is_told_so_and_not_the_operator()
    {
        _rig.Route("chat", route => route with { MaxCost = 0.001m }, _rig.Deploy("p/a", 10), _rig.Deploy("p/b", 20), _rig.Deploy("p/retired", with: it => it with { Stage = Stage.Retired }));
        var error = _rig.Refuse(_rig.Exchange());

        Assert.Equal((400, "max_cost_exceeded", Fault.Caller), (error.Status, error.Code, error.Fault));
        Assert.Equal(
            "No deployment of `chat` is expected to answer this request for 0.001 USD, the ceiling of the route: p/a is expected to cost 0.00306 USD, more than the "
            + "ceiling of 0.001 USD; p/b is expected to cost 0.00612 USD, more than the ceiling of 0.001 USD. Send less input, allow less output, or use another model.",
            error.Message);
        Assert.Null(_rig.Room.Decide(_rig.Exchange(more: ",\"max_tokens\":10")));
    }

    [Fact]
    public void So_it_is_where_the_others_are_out_for_good_and_not_where_one_may_come_back()
    {
        _rig.Route("chat", route => route with { MaxCost = 0.001m }, _rig.Deploy("p/dear", 10), _rig.Deploy("p/unknown"), _rig.Deploy("p/dead", 1));
        _rig.Route("chat2", route => route with { MaxCost = 0.001m }, _rig.Deploy("p/dear2", 10), _rig.Deploy("p/unknown2"));
        _rig.Health.Set("p/dead", new CandidateHealth { IsDead = true });
        Assert.Equal((503, true), (_rig.Refuse(_rig.Exchange()).Status, _rig.Refuse(_rig.Exchange()).Retryable));
        Assert.Equal("max_cost_exceeded", _rig.Refuse(_rig.Exchange("chat2")).Code);
    }

    [Fact]
    public void Above_both_ceilings_it_is_the_routes_that_is_named()
    {
        _rig.Route("chat", route => route with { MaxCost = 0.001m }, _rig.Deploy("p/a", 10));
        var error = _rig.Refuse(_rig.Exchange(headers: [("x-gateway-max-cost", "0.0005")]));
        Assert.Equal(400, error.Status);
        Assert.Contains("for 0.001 USD, the ceiling of the route:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_price_that_compares_with_no_ceiling_stays_the_operators_affair()
    {
        _rig.Route("chat", route => route with { MaxCost = 0.001m }, _rig.Deploy("p/a", 10, currency: "EUR"));
        Assert.Equal((503, false), (_rig.Refuse(_rig.Exchange()).Status, _rig.Refuse(_rig.Exchange()).Retryable));
    }

    private Deployment Able(string name, Capabilities capabilities) =>
        _rig.Deploy(name, with: it => it with { DeclaresCapabilities = true, Capabilities = capabilities });
}

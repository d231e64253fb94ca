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

    private Deployment Able(string name, Capabilities capabilities) =>
        _rig.Deploy(name, with: it => it with { DeclaresCapabilities = true, Capabilities = capabilities });
}

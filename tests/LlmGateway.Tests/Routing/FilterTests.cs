using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>What is never overlooked. In each, another deployment is there that takes the request.</summary>
public sealed class FilterTests : IDisposable
{
    private RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("candidate")]
    [InlineData("retired")]
    public void A_deployment_at_a_stage_without_traffic_takes_none(string stage) =>
        Excludes(Exclusion.Stage, $"p/a is in stage {stage}", deployment => deployment with { Stage = Enum.Parse<Stage>(stage, ignoreCase: true) });

    [Fact]
    public void A_provider_without_a_credential_is_left_out() =>
        Excludes(Exclusion.Credential, "provider p has no credential", deployment => deployment with { Provider = deployment.Provider with { NeedsCredential = true } });

    [Fact]
    public void A_provider_whose_credentials_are_all_dead_is_left_out()
    {
        _rig.Health.Set("p/a", new CandidateHealth { IsDead = true });
        Excludes(Exclusion.Credential, "provider p takes none of its credentials any more");
    }

    [Fact]
    public void Declared_capabilities_that_lack_a_needed_one_exclude() => Excludes(
        Exclusion.Capability, "p/a cannot do tools, json_schema",
        deployment => Declares(deployment, Capabilities.Vision),
        ""","tools":[{"type":"function","function":{"name":"f"}}],"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{}}}""");

    [Fact]
    public void A_deployment_that_only_embeds_takes_no_chat() =>
        Excludes(Exclusion.Capability, "p/a does no chat", deployment => Declares(deployment, Capabilities.Embeddings));

    [Fact]
    public void A_deployment_that_does_not_embed_takes_no_embeddings()
    {
        Routed(deployment => Declares(deployment, Capabilities.Tools));
        var decision = _rig.Decide(_rig.Exchange(endpoint: EndpointKind.Embeddings));
        AssertExcluded(decision, Exclusion.Capability, "p/a cannot do embeddings");
    }

    [Theory]
    [InlineData("us", "p/a is in region us, and the tenant requires cn")]
    [InlineData(null, "p/a is in no declared region, and the tenant requires cn")]
    public void Data_stays_in_the_region_that_the_tenant_requires(string? region, string reason)
    {
        _rig.Dispose();
        _rig = new RoutingRig { Require = new Requirements("cn", FrozenDictionary<string, string>.Empty) };
        Excludes(Exclusion.Region, reason, deployment => deployment with { Provider = deployment.Provider with { Region = region } });
    }

    [Theory]
    [InlineData("slow")]
    [InlineData(null)]
    public void A_tag_that_the_tenant_requires_must_be_there_with_its_value(string? tier)
    {
        _rig.Dispose();
        _rig = new RoutingRig { Require = new Requirements(null, Tags("fast")) };
        Excludes(Exclusion.Tag, "p/a does not carry tier=fast, which the tenant requires",
            deployment => tier is null ? deployment : deployment with { Tags = Tags(tier) });
    }

    [Fact]
    public void A_route_may_refuse_what_has_no_price()
    {
        Routed(null, route => route with { Unpriced = UnpricedRule.Refuse }, price: null);
        AssertExcluded(_rig.Decide(), Exclusion.Unpriced, "p/a has no price in force (p/a), and the route refuses that");
    }

    [Fact]
    public void A_ceiling_of_the_route_excludes_what_is_expected_to_be_dearer()
    {
        Routed(null, route => route with { MaxCost = 0.001m }, price: 10);
        AssertExcluded(_rig.Decide(), Exclusion.MaxCost, "p/a is expected to cost 0.00306 USD, more than the ceiling of 0.001 USD");
    }

    [Fact]
    public void What_costs_nobody_knows_what_is_not_below_a_ceiling()
    {
        Routed(null, route => route with { MaxCost = 1 }, price: null);
        AssertExcluded(_rig.Decide(), Exclusion.MaxCost, "p/a has no price that could be compared with the ceiling of 1 USD");
    }

    private static Deployment Declares(Deployment deployment, Capabilities capabilities) => deployment with { DeclaresCapabilities = true, Capabilities = capabilities };

    private static FrozenDictionary<string, string> Tags(string tier) => new Dictionary<string, string> { ["tier"] = tier }.ToFrozenDictionary();

    private void Excludes(Exclusion exclusion, string reason, Func<Deployment, Deployment>? with = null, string more = "")
    {
        Routed(with);
        AssertExcluded(_rig.Decide(_rig.Exchange(more: more)), exclusion, reason);
    }

    /// <summary>A route of <c>p/a</c>, which is preferred and has a fault, and <c>q/b</c>, which fulfils everything.</summary>
    private void Routed(Func<Deployment, Deployment>? with, Func<Route, Route>? route = null, decimal? price = 1)
    {
        var faulty = _rig.Deploy("p/a", price, with: with);
        var fine = _rig.Deploy("q/b", 0.1m, with: deployment => deployment with
        {
            Provider = deployment.Provider with { Region = "cn" },
            Tags = Tags("fast"),
            DeclaresCapabilities = true,
            Capabilities = (Capabilities)0xFFFF,
        });
        _rig.Route("chat", route, faulty, fine);
    }

    private static void AssertExcluded(RouteDecision decision, Exclusion exclusion, string reason)
    {
        var verdict = RoutingRig.Of(decision, "p/a");
        Assert.Equal((exclusion, false, 0), (verdict.Exclusion, verdict.IsSoft, verdict.Rank));
        Assert.Equal(reason, VerdictText.Of(decision, verdict));
        Assert.Equal((Exclusion.None, 1), (RoutingRig.Of(decision, "q/b").Exclusion, RoutingRig.Of(decision, "q/b").Rank));
    }
}

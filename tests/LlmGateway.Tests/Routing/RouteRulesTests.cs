using LlmGateway.Tests.Configuration;

namespace LlmGateway.Tests.Routing;

/// <summary>What <c>llmgateway check</c> says of routing before a request meets it.</summary>
public sealed class RouteRulesTests
{
    private const string Base = """
        providers: { p: { base_url: "http://127.0.0.1:9/v1", credentials: none } }
        deployments: { p/a: { model: a }, p/b: { model: b, price: special } }
        prices:
          p/a: [{ from: 2026-01-01, currency: USD, input: 1, output: 2 }]
          special: [{ from: 2026-01-01, currency: CNY, input: 1, output: 2 }]
        tenants: { t: { projects: { x: { keys: [{ name: k, key: sk-demo, demo: true }] } } } }

        """;

    [Theory]
    [InlineData("policy: cheapest", "routes.chat.policy: a price in CNY compares with no other")]
    [InlineData("policy: balanced", "routes.chat.policy: a price in CNY compares with no other")]
    [InlineData("max_cost: 1", "routes.chat.max_cost: a price in CNY compares with no other")]
    [InlineData("policy: balanced, weights: { price: 0, latency: 0, headroom: 0, quality: 0 }", "routes.chat.weights: every weight is 0: give one of them more than 0")]
    public void A_mistake_is_told(string settings, string told) =>
        Assert.Contains(Problems(settings, ""), problem => problem.Contains(told, StringComparison.Ordinal));

    [Theory]
    [InlineData("policy: fastest", "")]
    [InlineData("policy: cheapest", "currency: { rates: { CNY: { \"2026-01-01\": 0.14 } } }")]
    [InlineData("policy: cheapest", "currency: { base: CNY, rates: { USD: { \"2026-01-01\": 7 } } }")]
    [InlineData("policy: balanced, weights: { price: 0, latency: 1, headroom: 0 }", "currency: { rates: { CNY: { \"2026-01-01\": 0.14 } } }")]
    public void What_is_right_passes(string settings, string more) => Assert.DoesNotContain(Problems(settings, more), problem => problem.Contains("routes.", StringComparison.Ordinal));

    [Fact]
    public void A_route_cannot_have_the_name_of_a_deployment() => Assert.Contains(
        Problems("policy: priority", "  p/b: { deployments: [p/a] }"),
        problem => problem.EndsWith("routes.p/b: a deployment has the same name, and clients address it by that: give the route another name", StringComparison.Ordinal));

    [Theory]
    [InlineData("region: eu", "tenants.u.require.region: no provider is in region 'eu', so no deployment takes the tenant's requests: set region: eu at a provider, or change the requirement")]
    [InlineData("tags: { team: red }", "tenants.u.require.tags.team: no deployment carries team=red, so none takes the tenant's requests: add the tag to a deployment, or change the requirement")]
    [InlineData("region: cn, tags: { team: blue }", null)]
    public void A_requirement_that_nobody_meets_is_told(string require, string? told)
    {
        using var folder = new ConfigFolder(("gateway.yaml", $$"""
            providers: { p: { base_url: "http://127.0.0.1:9/v1", credentials: none, region: cn } }
            deployments: { p/a: { model: a, tags: { team: blue } } }
            routes: { chat: { deployments: [p/a] } }
            tenants: { u: { require: { {{require}} } } }

            """));
        var found = folder.Load().Problems.Select(problem => problem.ToString()!).Where(problem => problem.Contains("require", StringComparison.Ordinal));
        Assert.Equal(told is null ? 0 : 1, found.Count(problem => told is null || problem.Contains(told, StringComparison.Ordinal)));
    }

    private static string[] Problems(string settings, string more)
    {
        using var folder = new ConfigFolder(("gateway.yaml", $"{Base}routes:\n  chat: {{ deployments: [p/a, p/b], {settings} }}\n{more}\n"));
        return [.. folder.Load().Problems.Select(problem => problem.ToString()!)];
    }
}

using System.Collections.Frozen;
using LlmGateway.Admin;
using LlmGateway.Catalog;
using LlmGateway.Health;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Admin;

public class ExclusionTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string> Sentences => new()
    {
        { nameof(Exclusion.Stage), "it is in stage deprecated" },
        { nameof(Exclusion.Credential), "no credential of provider acme works any more" },
        { nameof(Exclusion.Capability), "it cannot do vision, json_schema" },
        { nameof(Exclusion.Region), "its provider is in region us, and the tenant requires cn" },
        { nameof(Exclusion.Tag), "it lacks a tag that the tenant requires: tier=fast" },
        { nameof(Exclusion.Unpriced), "no price of acme/one is in force, and the route refuses what is unpriced" },
        { nameof(Exclusion.MaxCost), "the request is expected to cost 0.012500000 USD, beyond what route or client allow; the route allows 0.010000000 USD" },
        { nameof(Exclusion.Context), "the request is estimated at 9,000 input tokens, its context window has 8,192" },
        { nameof(Exclusion.MaxOutput), "the request allows more output than the 2,048 tokens that it can give" },
        { nameof(Exclusion.Breaker), "its breaker is open until 2026-11-27T03:00:05.000Z" },
        { nameof(Exclusion.Resting), "it was asked to rest until 2026-11-27T03:00:05.000Z" },
        { nameof(Exclusion.Quota), "its quota is used up until 2026-11-27T03:00:05.000Z" },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void An_exclusion_is_worded_with_its_figures(string exclusion, string sentence) =>
        Assert.Equal(sentence, Reason(Enum.Parse<Exclusion>(exclusion), soft: false));

    [Fact]
    public void Every_exclusion_has_its_words() =>
        Assert.Equal(Enum.GetNames<Exclusion>().Except([nameof(Exclusion.None)]), Sentences.Select(row => (string)row[0]));

    [Fact]
    public void What_nobody_declared_is_not_said_to_be_lacking() =>
        Assert.Equal("nobody has declared that it can do vision, json_schema", Reason(Exclusion.Capability, soft: true));

    [Fact]
    public void Nothing_is_said_of_one_that_passed() => Assert.Null(Reason(Exclusion.None, soft: false));

    private static string? Reason(Exclusion exclusion, bool soft)
    {
        var provider = new Provider { Name = "acme", Dialect = Dialect.OpenAI, Region = "us" };
        var deployment = new Deployment
        {
            Name = "acme/one",
            Provider = provider,
            Model = "one",
            PriceName = "acme/one",
            Stage = Stage.Deprecated,
            Context = 8192,
            MaxOutput = 2048,
            Tags = new Dictionary<string, string> { ["team"] = "a", ["tier"] = "slow" }.ToFrozenDictionary(),
        };
        var state = new DeploymentStates().Of(deployment);
        var verdict = new Verdict
        {
            Candidate = new Candidate(0, deployment, 1, state, state.BreakerFor(BreakerSettings.Default)),
            Exclusion = exclusion,
            IsSoft = soft,
            Missing = Capabilities.Vision | Capabilities.JsonSchema,
            Until = Now.AddSeconds(5),
            Cost = 0.0125,
        };
        var route = new Route { Name = "chat", Targets = [new RouteTarget(deployment, 1)], MaxCost = 0.01m };
        var require = new Requirements("cn", new Dictionary<string, string> { ["team"] = "a", ["tier"] = "fast" }.ToFrozenDictionary());
        return ExclusionText.Reason(new RouteDecision(route, "priority", Now, 9000, 300, [verdict]), verdict, Currency.Usd, require);
    }
}

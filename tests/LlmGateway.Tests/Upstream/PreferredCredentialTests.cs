using LlmGateway.Catalog;
using LlmGateway.Health;
using LlmGateway.Routing;
using LlmGateway.Upstream;

namespace LlmGateway.Tests.Upstream;

/// <summary>Prompt caches are of an account: the credential whose account has the prompt is used while it works.</summary>
public class PreferredCredentialTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly CredentialPicker _picker = new(new Random(1));
    private readonly Candidate _candidate;

    public PreferredCredentialTests()
    {
        var provider = new Provider
        {
            Name = "p",
            Dialect = Dialect.OpenAI,
            NeedsCredential = true,
            Credentials = [new Credential("p#1", new Secret("one"), 100), new Credential("p#2", new Secret("two"), 1)],
        };
        var deployment = new Deployment { Name = "p/m", Provider = provider, Model = "m", PriceName = "p/m" };
        var state = new DeploymentState(deployment.Name, new ProviderState("p"));
        _candidate = new Candidate(0, deployment, 1, state, state.BreakerFor(BreakerSettings.Default));
    }

    [Fact]
    public void It_is_taken_whatever_the_weights() => Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal("p#2", Pick("p#2")));

    [Fact]
    public void Without_one_the_weights_decide() => Assert.Contains(Enumerable.Range(0, 20), _ => Pick(null) == "p#1");

    [Fact]
    public void One_that_is_unknown_is_as_good_as_none() => Assert.Contains(Enumerable.Range(0, 20), _ => Pick("p#9") == "p#1");

    [Fact]
    public void While_it_rests_another_is_taken()
    {
        Of("p#2").Rest(Now.AddSeconds(5));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal("p#1", Pick("p#2")));
    }

    [Fact]
    public void A_dead_one_is_not_tried_for_its_cache()
    {
        Of("p#2").Bury("401", Now.AddDays(-1));
        Assert.True(Of("p#2").UsableAt(Now), "It is due to be probed.");
        Assert.Equal("p#1", Pick("p#2"));
    }

    private CredentialState Of(string name) => _candidate.State.Provider.CredentialsOf(_candidate.Deployment.Provider).Single(state => state.Credential.Name == name);

    private string Pick(string? preferred) => _picker.Pick(_candidate, Now, preferred)!.Credential.Name;
}

using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

public sealed class ShippedConfigurationTests
{
    private readonly ConfigResult _loaded = ConfigurationLoader.Load(Path.Combine(AppContext.BaseDirectory, "config", "gateway.yaml"));

    [Fact]
    public void It_loads_without_a_problem()
    {
        Assert.Empty(_loaded.Problems);
        Assert.NotNull(_loaded.Snapshot);
    }

    [Fact]
    public void The_demo_key_is_there_and_may_use_every_route()
    {
        var key = Assert.Single(_loaded.Snapshot!.Keys);
        Assert.Equal(("demo", "demo", "demo", "sk-demo", true), (key.Tenant, key.Project, key.Name, key.Key.Reveal(), key.Demo));
        Assert.Empty(key.Routes);
    }

    [Theory]
    [InlineData("chat", "simulator/sim-small")]
    [InlineData("chat-large", "simulator/sim-large")]
    [InlineData("embeddings", "simulator/sim-embedding")]
    [InlineData("gpt-4o-mini", "simulator/sim-small")]
    public void The_first_request_is_answered_by_the_simulator(string route, string deployment)
    {
        var target = _loaded.Snapshot!.Routes[route].Targets[0].Deployment;
        Assert.Equal(deployment, target.Name);
        Assert.True(target.Provider.Builtin && target.Provider.Usable);
    }

    [Fact]
    public void Every_deployment_of_the_simulator_has_a_price()
    {
        var snapshot = _loaded.Snapshot!;
        var priced = snapshot.Prices.Entries.Select(entry => entry.Name).ToHashSet();
        Assert.All(snapshot.Deployments.Values.Where(deployment => deployment.Provider.Builtin), deployment => Assert.Contains(deployment.PriceName, priced));
    }

    [Fact]
    public void A_provider_whose_variable_is_not_set_is_there_but_cannot_be_used()
    {
        var paths = new GatewayPaths(Path.Combine(AppContext.BaseDirectory, "config", "gateway.yaml"), null, []);
        var snapshot = new ConfigurationLoader(paths, TimeProvider.System) { Environment = _ => null }.Load().Snapshot!;
        var openai = snapshot.Providers["openai"];
        Assert.True(openai.NeedsCredential);
        Assert.False(openai.Usable);
        Assert.Equal(Dialect.OpenAI, openai.Dialect);
    }
}

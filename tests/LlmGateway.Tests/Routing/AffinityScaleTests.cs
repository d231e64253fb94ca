using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>A warm deployment against one cold one, which is slightly or much better by the policy of the route.</summary>
public sealed class AffinityScaleTests : IDisposable
{
    private const int Large = 10_000;
    private const int Small = 1_000;

    /// <summary>10,000 tokens of input and one of output, at a tenth of the price where they are cached.</summary>
    private static readonly string Long = $$"""{"model":"chat","max_tokens":1,"messages":[{"role":"user","content":"{{new string('x', 40_000)}}"}]}""";

    private readonly RoutingRig _rig = new();

    public static TheoryData<string> Policies => ["balanced", "cheapest", "fastest", "least-busy", "most-headroom", "priority", "sticky", "weighted"];

    public void Dispose() => _rig.Dispose();

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_large_saving_wins_against_what_is_slightly_better(string policy)
    {
        Route(policy, Large, much: false);
        Assert.InRange(Firsts(), 80, 100);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_small_saving_does_not_win_against_what_is_much_better(string policy)
    {
        Route(policy, Small, much: true);
        Assert.InRange(Firsts(), 0, 20);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_large_saving_does_not_win_where_it_is_loaded(string policy)
    {
        Route(policy, Large, much: true, inFlight: 80);
        Assert.InRange(Firsts(), 0, 20);
        Assert.Equal(0, RoutingRig.Of(_rig.Decide(_rig.Exchange(body: Long)), "p/warm").Bonus);
    }

    [Theory]
    [InlineData("cheapest")]
    [InlineData("balanced")]
    public void Half_loaded_half_of_the_money_counts(string policy)
    {
        // Of the 0.1 it saves 0.09, of which half counts at 60 of the 80 places: 0.055 against the 0.05 of the other.
        Route(policy, Large, much: true, inFlight: 60);
        Route(policy, Large, much: true, inFlight: 40, name: "again");
        Assert.Equal(0, Firsts());
        Assert.Equal(100, Firsts("again"));
    }

    [Fact]
    public void A_place_is_one_of_those_that_can_be_asked()
    {
        _rig.Affinity.Held["p/c"] = Large;
        _rig.Route(
            "chat", route => route with { Policy = "priority", Affinity = Affinity.Prefix },
            _rig.Deploy("p/a", 10, cached: 1), _rig.Deploy("p/b", 10, cached: 1), _rig.Deploy("p/c", 10, cached: 1));
        Assert.Equal(["p/a", "p/c", "p/b"], _rig.Plan(_rig.Exchange(body: Long)));
        _rig.Health.Set("p/b", new CandidateHealth { IsDead = true });
        Assert.Equal(["p/c", "p/a"], _rig.Plan(_rig.Exchange(body: Long)));
    }

    private void Route(string policy, long held, bool much, int inFlight = 0, string name = "chat")
    {
        var more = name == "chat" ? "" : "2";
        var (warm, cold) = ($"p/warm{more}", $"p/cold{more}");
        _rig.Affinity.Held[warm] = held;
        var inRoute = policy == "sticky" || policy == "weighted" ? (much ? 0.1 : 0.8) : 1;
        var price = policy is "cheapest" or "balanced" ? (much ? 5 : 9) : 10;
        static Deployment With(Deployment it) => it with { Quota = new Quota(null, null, 100, null, null) };
        _rig.Route(
            name, route => route with { Policy = policy, Affinity = Affinity.Prefix, Weights = new BalanceWeights(1, 0, 0, 0) },
            new RouteTarget(_rig.Deploy(cold, price, cached: price / 10m, with: With), 1), new RouteTarget(_rig.Deploy(warm, 10, cached: 1, with: With), inRoute));
        _rig.Health.Set(cold, Health(inFlight, 1, 1));
        _rig.Health.Set(warm, policy switch
        {
            "fastest" => Health(inFlight, much ? 2 : 1.2, 1),
            "most-headroom" => Health(inFlight, 1, much ? 0.2 : 0.9),
            "least-busy" => Health(inFlight + (much ? 3 : 1), 1, 1),
            _ => Health(inFlight, 1, 1),
        });
    }

    private static CandidateHealth Health(int inFlight, double seconds, double headroom) =>
        new() { InFlight = inFlight, Headroom = headroom, FirstToken = seconds, PerToken = 0, MeasuredAt = RoutingRig.Now.AddSeconds(-1) };

    /// <summary>How many of 100 conversations go to the warm one.</summary>
    private int Firsts(string name = "chat") => Enumerable.Range(0, 100).Count(user => _rig.Plan(_rig.Exchange(
        body: Long.Replace("\"chat\"", $"\"{name}\",\"user\":\"u{user}\"", StringComparison.Ordinal)))[0].StartsWith("p/warm", StringComparison.Ordinal));
}

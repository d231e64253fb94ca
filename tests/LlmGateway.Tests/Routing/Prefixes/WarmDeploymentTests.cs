using static LlmGateway.Tests.Routing.Prefixes.AffinityRig;

namespace LlmGateway.Tests.Routing.Prefixes;

/// <summary>What a warm cache is worth under each policy.</summary>
public class WarmDeploymentTests
{
    private static readonly string Turn1 = Chat("", ("system", 4000));
    private static readonly string Turn2 = Chat("", ("system", 4000), ("question", 80));

    [Theory]
    [InlineData("balanced")]
    [InlineData("cheapest")]
    [InlineData("fastest")]
    [InlineData("least-busy")]
    [InlineData("most-headroom")]
    public async Task Of_deployments_that_are_alike_the_warm_one_is_first(string policy)
    {
        using var rig = new AffinityRig(policy, deployments: 3);
        Assert.True(Enumerable.Range(0, 60).Select(_ => First(rig.Ask(Turn2))).Distinct().Count() > 1);
        await rig.AnswerAsync(rig.Ask(Turn1), deployment: 1);
        Assert.All(Enumerable.Range(0, 60), _ => Assert.Equal("p/1", First(rig.Ask(Turn2))));
    }

    [Theory]
    [InlineData("priority")]
    [InlineData("sticky")]
    [InlineData("weighted")]
    public async Task A_policy_with_an_order_of_its_own_gives_way_to_it_where_the_distance_is_small(string policy)
    {
        using var rig = new AffinityRig(policy, deployments: 3);
        string Other(int number) => Chat("", ($"system {number}", 4000), ("question", 80));
        var cold = Enumerable.Range(0, 200).Count(number => First(rig.Ask(Other(number))) == "p/1");
        for (var number = 0; number < 200; number++)
        {
            await rig.AnswerAsync(rig.Ask(Chat("", ($"system {number}", 4000))), deployment: 1);
        }

        var warm = Enumerable.Range(0, 200).Count(number => First(rig.Ask(Other(number))) == "p/1");
        Assert.True(warm > cold + 30, $"{cold} of 200 cold, {warm} warm");
    }

    [Fact]
    public async Task Until_it_is_loaded()
    {
        using var rig = new AffinityRig("priority", deployments: 3);
        await rig.AnswerAsync(rig.Ask(Turn1), deployment: 1);
        Assert.Equal("p/1", First(rig.Ask(Turn2)));
        rig.Load.InFlight["p/1"] = 10;
        var exchange = rig.Ask(Turn2);
        Assert.Equal("p/0", First(exchange));
        Assert.Equal((0, 3968), (VerdictOf(exchange, 1).Bonus, VerdictOf(exchange, 1).CachedTokens));
    }

    [Fact]
    public async Task Cheapest_counts_the_cached_share_at_the_cached_rate()
    {
        using var rig = new AffinityRig("cheapest");
        await rig.AnswerAsync(rig.Ask(Turn1), deployment: 1);
        var exchange = rig.Ask(Turn2);
        var (cold, warm) = (VerdictOf(exchange, 0), VerdictOf(exchange, 1));

        // 4,080 tokens of input and one of output at 10 a million; 3,968 of the input at 1.
        Assert.Equal(0.04081, cold.Cost, 9);
        Assert.Equal(0.04081 - (3968 * 9e-6), warm.Cost, 9);
        Assert.Equal(3968 * 9e-6, warm.Saving, 9);
        Assert.Equal((warm.Cost, 0d), (warm.Score, warm.Bonus));
    }
}

using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Tests.Caching.Semantic.Proof;

public sealed class UnjudgedTests
{
    [Fact]
    public void A_judge_who_is_away_ends_serving_and_his_return_brings_it_back()
    {
        var controller = Proving.Controller();
        controller.Label(1_000, wrong: false, "a");
        Assert.Empty(Spread(controller, ProofRules.MostUnjudgedInARow - 1));
        var moved = Assert.Single(Spread(controller, 1));
        Assert.Equal((ServeState.Shadow, ProofReason.Unjudged, true), (moved.To, moved.Reason, moved.EndsServing));

        // However long he was away: it is not held against the proof.
        Spread(controller, 10_000);
        Assert.Equal(ServeState.Proven, Assert.Single(controller.Label(1, wrong: false)).To);
    }

    [Fact]
    public void What_too_often_cannot_be_judged_is_not_proven()
    {
        var controller = Proving.Controller();
        for (var i = 0; i < 200; i++)
        {
            Assert.Empty(controller.Label(10, wrong: false));
            Assert.Empty(controller.Label(1, wrong: null));
        }

        Assert.Equal((new Evidence(2_000, 0), 200L), (controller.Report().Evidence, controller.Report().Unjudged));
        Assert.False(controller.Serves());
    }

    [Fact]
    public void A_partition_that_nobody_can_judge_is_not_served_on_the_word_of_the_others()
    {
        var controller = Proving.Controller();
        controller.Label(10_000, wrong: false, "a");
        List<ProofTransition> moved = [];
        for (var i = 0; i < ProofRules.MostUnjudgedInARow; i++)
        {
            moved.AddRange(controller.Label(1, wrong: null, "dark"));
            moved.AddRange(controller.Label(1, wrong: false, "a"));
        }

        Assert.Equal(("dark", ServeState.ShutOff, ProofReason.Unjudged), (moved[0].Partition, moved[0].To, moved[0].Reason));
        Assert.Equal((false, true), (controller.Serves("dark"), controller.Serves("a")));
    }

    private static List<ProofTransition> Spread(ServeController controller, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => controller.Label(1, wrong: null, $"p{i}"))];
}

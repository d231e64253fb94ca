using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Tests.Caching.Semantic.Proof;

public sealed class PartitionProofTests
{
    [Fact]
    public void A_partition_is_shut_off_alone_and_only_its_own_labels_bring_it_back()
    {
        var controller = Proving.Controller();
        controller.Label(5_000, wrong: false, "good");
        List<ProofTransition> moved = [];
        var wrong = 0;
        for (; moved.Count == 0; wrong++)
        {
            moved = controller.Label(1, wrong: true, "bad");
        }

        Assert.Equal(("bad", ServeState.ShutOff, ProofReason.Refuted, true), (moved[0].Partition, moved[0].To, moved[0].Reason, moved[0].EndsServing));
        Assert.Equal(3, wrong);
        Assert.False(controller.Serves("bad"));
        Assert.True(controller.Serves("good"));

        // From now on its labels are no longer the route's.
        var pooled = controller.Report().Evidence;
        controller.Label(50, wrong: true, "bad");
        Assert.Equal(pooled, controller.Report().Evidence);
        Assert.False(controller.Serves("bad"));

        Assert.Equal(("bad", false), (controller.ReportPartitions(1)[0].Partition, controller.ReportPartitions(1)[0].Serving));
    }

    [Fact]
    public void Its_own_proof_is_as_long_as_a_routes()
    {
        var controller = Proving.Controller();
        controller.Label(5_000, wrong: false, "good");
        controller.Label(3, wrong: true, "bad");
        Assert.False(controller.Serves("bad"));
        Assert.Empty(controller.Label(354, wrong: false, "bad"));
        Assert.Equal((ServeState.ShutOff, ServeState.Proven), Moved(Assert.Single(controller.Label(1, wrong: false, "bad"))));
        Assert.True(controller.Serves("bad"));
        Assert.Equal((ServeState.Proven, ServeState.ShutOff), Moved(controller.Label(1, wrong: true, "bad").Single(moved => moved.Partition == "bad")));
    }

    [Fact]
    public void A_partition_that_has_proven_itself_is_not_served_without_its_route()
    {
        var controller = Proving.Controller();
        controller.Label(3, wrong: true, "bad");
        controller.Label(400, wrong: false, "bad");
        Assert.Equal(ServeState.Proven, controller.ReportPartitions(1)[0].State);
        Assert.False(controller.Serves("bad"));
    }

    [Fact]
    public void Where_all_that_are_watched_are_shut_off_a_further_one_is_not_served()
    {
        StoredProof Proof(string? partition, ServeState state) => new("chat", Proving.Epoch.Id, partition,
            new ProofState { State = state, Target = 0.01, Evidence = partition is null ? new Evidence(1_000, 0) : default }, new ProofTallies());
        StoredProof[] all = [Proof(null, ServeState.Proven), .. Enumerable.Range(0, ServeController.MostPartitions).Select(i => Proof($"p{i}", ServeState.ShutOff))];

        Assert.False(Proving.Controller(null, all).Serves("another"));
        Assert.True(Proving.Controller(null, all[..^1]).Serves("another"));
    }

    [Fact]
    public void The_least_missed_makes_room_for_a_new_one_and_never_one_that_is_shut_off()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var controller = Proving.Controller(time);
        controller.Label(3, wrong: true, "bad");
        for (var i = 0; i < ServeController.MostPartitions + 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            controller.Label(1, wrong: false, $"p{i}");
        }

        var known = controller.ReportPartitions(int.MaxValue).Select(report => report.Partition!).ToHashSet();
        Assert.Equal(ServeController.MostPartitions, known.Count);
        Assert.Equal((true, false, true), (known.Contains("bad"), known.Contains("p10"), known.Contains("p11")));
    }

    private static (ServeState From, ServeState To) Moved(ProofTransition moved) => (moved.From, moved.To);
}

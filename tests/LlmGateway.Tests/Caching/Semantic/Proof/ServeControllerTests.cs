using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Catalog;

namespace LlmGateway.Tests.Caching.Semantic.Proof;

public sealed class ServeControllerTests
{
    [Fact]
    public void Until_it_is_proven_every_hit_is_compared_and_none_is_served() =>
        Assert.Equal((false, true), Both(Proving.Controller().Hit("a", 0.999999, default)));

    [Fact]
    public void It_is_served_from_the_label_on_that_makes_the_proof()
    {
        var controller = Proving.Controller();
        Assert.Empty(controller.Label(354, wrong: false));
        var moved = Assert.Single(controller.Label(1, wrong: false));
        Assert.Equal((ServeState.Shadow, ServeState.Proven, ProofReason.Bound), (moved.From, moved.To, moved.Reason));
        Assert.False(moved.EndsServing);

        Assert.Equal((true, true), Both(controller.Hit("a", 0.0499, default)));
        Assert.Equal((true, false), Both(controller.Hit("a", 0.0501, default)));
        Assert.True(controller.Serves("a partition that nobody has seen"));
    }

    [Fact]
    public void A_bound_that_is_lost_ends_serving_and_keeps_the_labels()
    {
        var controller = Proving.Controller();
        controller.Label(400, wrong: false);
        var moved = Assert.Single(controller.Label(1, wrong: true));
        Assert.Equal((ServeState.Shadow, ProofReason.BoundLost, true), (moved.To, moved.Reason, moved.EndsServing));
        Assert.False(controller.Serves());
        Assert.Equal(new Evidence(401, 1), controller.Report().Evidence);

        Assert.Equal(ServeState.Proven, Assert.Single(controller.Label(400, wrong: false)).To);
    }

    [Fact]
    public void After_a_drift_everything_must_be_proven_anew_by_a_longer_proof()
    {
        var controller = Proving.Controller();
        controller.Label(20_000, wrong: false);
        List<ProofTransition> moved = [];
        for (var i = 0; i < 100 && moved.Count == 0; i++)
        {
            // Each in a partition of its own, which one wrong hit says little about.
            Assert.Empty(controller.Label(9, wrong: false, $"p{i}"));
            moved = controller.Label(1, wrong: true, $"p{i}");
        }

        Assert.Equal((ServeState.ShutOff, ProofReason.Drift, true), (moved[0].To, moved[0].Reason, moved[0].EndsServing));
        Assert.Equal((default, 2), (controller.Report().Evidence, controller.Report().Attempt));
        Assert.Equal(598, controller.Report().LabelsNeeded);
        Assert.Empty(controller.Label(597, wrong: false));
        Assert.Single(controller.Label(1, wrong: false));
        Assert.True(controller.Serves());
    }

    [Fact]
    public void A_suspicion_of_drift_has_more_hits_compared()
    {
        var controller = Proving.Controller();
        controller.Label(5_000, wrong: false);
        Assert.Null(controller.Hit("x", 0.2, default).Verify);
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(controller.Label(1, wrong: true, $"p{i}"));
        }

        Assert.NotNull(controller.Hit("x", 0.2, default).Verify);
        Assert.Null(controller.Hit("x", 0.26, default).Verify);
    }

    [Fact]
    public void Who_chooses_less_often_than_always_in_shadow_is_obeyed()
    {
        var controller = new ServeController("chat", "e", ProofOptions.Default with { VerifyShadow = 0.5 }, TimeProvider.System, []);
        Assert.NotNull(controller.Hit("a", 0.49, default).Verify);
        Assert.Null(controller.Hit("a", 0.5, default).Verify);
    }

    [Fact]
    public void A_stricter_target_ends_serving_at_once_and_the_old_one_brings_it_back_with_the_next_label()
    {
        var controller = Proving.Controller();
        controller.Label(400, wrong: false);
        Assert.Equal(ProofReason.BoundLost, Assert.Single(controller.Configure(ProofOptions.Default with { MaxWrongHits = 0.001 })).Reason);
        Assert.False(controller.Serves());
        Assert.Empty(controller.Configure(ProofOptions.Default));
        Assert.False(controller.Serves());
        Assert.Equal(ServeState.Proven, Assert.Single(controller.Label(1, wrong: false)).To);
    }

    [Fact]
    public void The_report_says_what_it_is_about()
    {
        var controller = Proving.Controller();
        controller.Label(100, wrong: false);
        controller.Hit("a", 1, new HitSaving(new Money(1.5m, new Currency("CNY")), TimeSpan.FromSeconds(1)));
        controller.Hit("a", 1, new HitSaving(null, TimeSpan.FromSeconds(1)));

        var report = controller.Report();
        Assert.Equal((102L, 0L, 1L), (report.WouldBe.Hits, report.Served.Hits, report.WouldBe.Unpriced));
        Assert.Equal(TimeSpan.FromSeconds(202), report.WouldBe.Time);
        Assert.Equal([new Money(1.5m, new Currency("CNY")), new Money(0.2m, Currency.Usd)], report.WouldBe.Amounts());
        Assert.Equal(255, report.LabelsNeeded);
        Assert.Equal((0, false, ProofReason.Collecting), (report.LowerBound, report.Serving, report.Reason));
        Assert.InRange(report.UpperBound, 0.01, 0.05);

        controller.Label(255, wrong: false);
        controller.Hit("a", 1, Proving.Saving);
        report = controller.Report();
        Assert.Equal((true, 0L, 1L), (report.Serving, report.LabelsNeeded, report.Served.Hits));
        Assert.InRange(report.UpperBound, 0.009, 0.01);
    }

    private static (bool Serve, bool Verify) Both(HitDecision decision) => (decision.Serve, decision.Verify is not null);
}

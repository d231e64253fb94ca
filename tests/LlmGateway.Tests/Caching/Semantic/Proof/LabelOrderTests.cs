using LlmGateway.Caching.Semantic.Proof;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Semantic.Proof;

public sealed class LabelOrderTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_proof_waits_for_a_judge_who_is_slow()
    {
        var controller = Proving.Controller(_time);
        var slow = controller.Choose();
        controller.Label(500, wrong: false);
        Assert.Equal(default, controller.Report().Evidence);

        controller.Label(slow, wrong: true);
        Assert.Equal(new Evidence(501, 1), controller.Report().Evidence);
        Assert.False(controller.Serves());
    }

    [Fact]
    public void But_not_for_ever_and_what_comes_too_late_does_not_count()
    {
        var controller = Proving.Controller(_time);
        var slow = controller.Choose();
        controller.Label(500, wrong: false);
        _time.Advance(LabelOrder.Patience - TimeSpan.FromTicks(1));
        Assert.Empty(controller.Expire());

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(ServeState.Proven, Assert.Single(controller.Expire()).To);
        Assert.Empty(controller.Label(slow, wrong: true));
        Assert.Equal((new Evidence(500, 0), 1L), (controller.Report().Evidence, controller.Report().Unjudged));
    }

    [Fact]
    public void A_label_counts_once()
    {
        var controller = Proving.Controller(_time);
        var label = controller.Choose();
        controller.Label(label, wrong: false);
        controller.Label(label, wrong: true);
        Assert.Equal(new Evidence(1, 0), controller.Report().Evidence);
    }

    [Fact]
    public void While_too_many_wait_no_more_are_chosen()
    {
        var controller = Proving.Controller(_time);
        for (var i = 0; i < LabelOrder.Most; i++)
        {
            Assert.NotNull(controller.Choose());
        }

        Assert.Null(controller.Choose());
    }
}

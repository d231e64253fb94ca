using LlmGateway.Caching.Semantic.Embedding;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

public class BreakerTests
{
    private readonly EmbedderRig _rig = new();

    [Fact]
    public async Task After_some_failures_it_is_left_alone_and_asked_again_later()
    {
        _rig.Transport.Answers = _ => null;
        await Fail();
        Assert.Equal(_rig.Options.BreakerMinimum, _rig.Transport.Calls.Length);

        // At once, not after the window of a call that will not be made.
        var refused = _rig.Ask("refused");
        Assert.True(refused.IsCompleted);
        Assert.Equal(EmbeddingGap.Resting, (await refused).Gap);

        _rig.Transport.Answers = FakeTransport.VectorsOf;
        _rig.Time.Advance(_rig.Options.BreakerOpen);
        Assert.True((await _rig.AskAlone("probe")).HasVector);
        Assert.True((await _rig.AskAlone("after")).HasVector);
    }

    [Fact]
    public async Task A_probe_that_fails_opens_it_again()
    {
        _rig.Transport.Answers = _ => null;
        await Fail();
        _rig.Time.Advance(_rig.Options.BreakerOpen);

        Assert.Equal(EmbeddingGap.Failed, (await _rig.AskAlone("probe")).Gap);
        Assert.Equal(EmbeddingGap.Resting, (await _rig.Ask("refused")).Gap);
    }

    [Fact]
    public async Task While_the_probe_is_under_way_no_other_call_is_made()
    {
        _rig.Transport.Answers = _ => null;
        await Fail();
        var calls = _rig.Transport.Calls.Length;
        _rig.Time.Advance(_rig.Options.BreakerOpen);
        _rig.Transport.Answers = null;
        var probe = _rig.Ask("probe");
        _rig.Time.Advance(_rig.Options.Window);

        Assert.Equal(EmbeddingGap.Resting, (await _rig.AskAlone("other")).Gap);
        Assert.Equal(calls + 1, _rig.Transport.Calls.Length);
        _rig.Transport.Calls[^1].Answer.SetResult([FakeTransport.VectorOf("probe")]);
        Assert.True((await probe).HasVector);
    }

    [Fact]
    public async Task Answers_that_come_late_count_as_failures()
    {
        for (var i = 0; i < _rig.Options.BreakerMinimum; i++)
        {
            var late = _rig.Ask($"late {i}");
            _rig.Time.Advance(_rig.Options.Window);
            _rig.Time.Advance(_rig.Options.Deadline);
            Assert.Equal(EmbeddingGap.Late, (await late).Gap);
        }

        Assert.Equal(EmbeddingGap.Resting, (await _rig.Ask("refused")).Gap);
    }

    [Fact]
    public async Task What_only_one_tenant_is_refused_for_does_not_take_it_from_the_others()
    {
        _rig.Transport.Answers = _ => null;
        _rig.Transport.Gap = EmbeddingGap.Refused;
        for (var i = 0; i < 4 * _rig.Options.BreakerMinimum; i++)
        {
            Assert.Equal(EmbeddingGap.Refused, (await _rig.AskAlone($"refused {i}")).Gap);
        }
    }

    [Fact]
    public async Task What_is_known_is_answered_while_it_rests()
    {
        _rig.Transport.Answers = FakeTransport.VectorsOf;
        await _rig.AskAlone("known");
        _rig.Transport.Answers = _ => null;
        await Fail(_rig.Options.BreakerMinimum - 1);

        Assert.Equal(EmbeddingGap.Resting, (await _rig.Ask("refused")).Gap);
        Assert.True((await _rig.Ask("known")).HasVector);
    }

    private async Task Fail(int? count = null)
    {
        for (var i = 0; i < (count ?? _rig.Options.BreakerMinimum); i++)
        {
            Assert.Equal(EmbeddingGap.Failed, (await _rig.AskAlone($"fails {i}")).Gap);
        }
    }
}

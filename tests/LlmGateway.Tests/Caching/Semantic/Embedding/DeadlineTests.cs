using LlmGateway.Caching.Semantic.Embedding;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

public class DeadlineTests
{
    private readonly EmbedderRig _rig = new();

    [Fact]
    public async Task Without_an_answer_in_time_there_is_none()
    {
        var answer = _rig.Ask("slow");
        _rig.Time.Advance(_rig.Options.Window);
        _rig.Time.Advance(_rig.Options.Deadline - _rig.Options.Window - TimeSpan.FromMilliseconds(1));
        Assert.False(answer.IsCompleted);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(EmbeddingGap.Late, (await answer).Gap);
    }

    [Fact]
    public async Task An_answer_that_comes_late_is_there_for_the_next()
    {
        var answer = _rig.Ask("slow");
        _rig.Time.Advance(_rig.Options.Window);
        _rig.Time.Advance(_rig.Options.Deadline);
        Assert.Equal(EmbeddingGap.Late, (await answer).Gap);
        _rig.Transport.Calls[0].Answer.SetResult([FakeTransport.VectorOf("slow")]);
        while (_rig.Embedder.CacheBytes == 0)
        {
            await Task.Yield();
        }

        Assert.True((await _rig.Ask("slow")).HasVector);
        Assert.Single(_rig.Transport.Calls);
    }

    [Fact]
    public async Task A_call_that_nobody_waits_for_ends_after_a_while()
    {
        var answer = _rig.Ask("slow");
        _rig.Time.Advance(_rig.Options.Window);
        var call = Assert.Single(_rig.Transport.Calls);
        _rig.Time.Advance(_rig.Options.Deadline);
        await answer;
        Assert.False(call.Cancellation.IsCancellationRequested);
        _rig.Time.Advance(_rig.Options.CallTimeout);

        Assert.True(call.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task A_caller_that_leaves_hears_so_and_the_others_wait_on()
    {
        using var leaving = new CancellationTokenSource();
        var (gone, stays) = (_rig.Ask("same", cancellation: leaving.Token), _rig.Ask("same"));
        _rig.Time.Advance(_rig.Options.Window);
        await leaving.CancelAsync();

        Assert.Equal(EmbeddingGap.Cancelled, (await gone).Gap);
        Assert.False(stays.IsCompleted);
        Assert.False(_rig.Transport.Calls[0].Cancellation.IsCancellationRequested);
        _rig.Transport.Calls[0].Answer.SetResult([FakeTransport.VectorOf("same")]);
        Assert.True((await stays).HasVector);
        Assert.Equal(EmbeddingGap.Cancelled, (await _rig.Ask("other", cancellation: leaving.Token)).Gap);
    }
}

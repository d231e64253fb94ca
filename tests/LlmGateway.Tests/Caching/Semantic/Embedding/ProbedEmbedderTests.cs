using System.Threading.Channels;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Embedding.Builtin;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

public class ProbedEmbedderTests
{
    private static readonly BuiltinEmbedder Builtin = new();

    private readonly WatchedTime _time = new();

    [Fact]
    public async Task One_that_is_dead_is_asked_again_until_it_answers()
    {
        var dead = true;
        var inner = new FakeEmbedder(text => dead ? EmbeddingResult.Without(EmbeddingGap.Failed) : Builtin.Embed(text));
        var embedder = Probed(inner);
        var running = embedder.RunAsync(CancellationToken.None);
        Assert.Equal(EmbeddingGap.Unproven, await Ask(embedder));
        var calls = 0;

        // Soon at first, and then ever less often.
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30, 30, 30])
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), await _time.Waits.Reader.ReadAsync());
            Assert.True(inner.Calls > calls);
            calls = inner.Calls;
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await _time.Waits.Reader.ReadAsync();
        dead = false;
        _time.Advance(ProbedEmbedder.Wait);
        await running;

        Assert.Equal(ProbeState.Fit, embedder.Verdict.State);
        Assert.Equal(EmbeddingGap.None, await Ask(embedder));
    }

    [Fact]
    public async Task One_that_is_not_fit_is_never_asked_again()
    {
        var inner = new FakeEmbedder(_ => Builtin.Embed("always"));
        var embedder = Probed(inner);
        await embedder.RunAsync(CancellationToken.None);
        var calls = inner.Calls;

        Assert.Equal(EmbeddingGap.Unfit, await Ask(embedder));
        Assert.Equal(calls, inner.Calls);
        Assert.Equal(ProbeState.Unfit, embedder.Verdict.State);
    }

    [Fact]
    public async Task Asking_ends_with_the_gateway()
    {
        using var stopping = new CancellationTokenSource();
        var running = Probed(new FakeEmbedder(_ => EmbeddingResult.Without(EmbeddingGap.Failed))).RunAsync(stopping.Token);
        Assert.False(running.IsCompleted);
        await stopping.CancelAsync();

        await running;
    }

    private static async Task<EmbeddingGap> Ask(ProbedEmbedder embedder) =>
        (await embedder.EmbedAsync("What is the capital of France?", EmbedderRig.Acme, CancellationToken.None)).Gap;

    private ProbedEmbedder Probed(IEmbedder embedder) => new(embedder, EmbedderRig.Acme, _time, NullLogger<ProbedEmbedder>.Instance);

    /// <summary>Tells of each wait once it has begun.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        public Channel<TimeSpan> Waits { get; } = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waits.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}

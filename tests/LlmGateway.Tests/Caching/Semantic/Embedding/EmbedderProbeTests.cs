using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Embedding.Builtin;
using LlmGateway.Tests.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

public class EmbedderProbeTests
{
    private static readonly BuiltinEmbedder Builtin = new();

    [Fact]
    public async Task The_builtin_one_is_fit()
    {
        var verdict = await Probe(Builtin);

        Assert.Equal(ProbeState.Fit, verdict.State);
        Assert.Contains("English texts that mean the same", verdict.Why);
        Assert.Contains("Chinese texts that mean the same", verdict.Why);
    }

    /// <summary>What a model does whose vocabulary is English: each Chinese text is one unknown word.</summary>
    [Fact]
    public async Task One_that_makes_the_same_of_all_Chinese_is_refused()
    {
        var unknown = Builtin.Embed("unknown");
        var verdict = await Probe(new FakeEmbedder(text => IsChinese(text) ? unknown : Builtin.Embed(text)));

        Assert.Equal(ProbeState.Unfit, verdict.State);
        Assert.StartsWith("it does not tell \"怎么重置我的密码？\" from \"法国首都是哪个城市？\" (cosine 1.00): it may not know Chinese", verdict.Why);
    }

    [Fact]
    public async Task One_that_makes_almost_the_same_of_all_English_is_refused()
    {
        var verdict = await Probe(new FakeEmbedder(text => IsChinese(text) ? Builtin.Embed(text) : Blend(Builtin.Embed("unknown"), Builtin.Embed(text), 0.1f)));

        Assert.Equal(ProbeState.Unfit, verdict.State);
        Assert.EndsWith("it may not know English", verdict.Why);
    }

    [Fact]
    public async Task One_to_which_nothing_means_the_same_is_refused()
    {
        var verdict = await Probe(new FakeEmbedder(text => UnitVector.From(Vectors.Random(new Random(text.Sum(one => one)), 256), 256)));

        Assert.Equal(ProbeState.Unfit, verdict.State);
        Assert.Matches("^English texts that mean the same have a cosine of -?0.0. on average, and texts on different things -?0.0.$", verdict.Why);
    }

    [Theory]
    [InlineData(nameof(EmbeddingGap.WrongLength), "its vectors have other dimensions than are configured")]
    [InlineData(nameof(EmbeddingGap.Zero), "its vectors of texts in Chinese are zero")]
    [InlineData(nameof(EmbeddingGap.NotFinite), "its vectors hold infinities, or what is not a number, for texts in Chinese")]
    public async Task One_that_makes_no_vectors_is_refused(string gap, string why)
    {
        var verdict = await Probe(new FakeEmbedder(text => IsChinese(text) ? EmbeddingResult.Without(Enum.Parse<EmbeddingGap>(gap)) : Builtin.Embed(text)));

        Assert.Equal(new ProbeVerdict(ProbeState.Unfit, why), verdict);
    }

    [Theory]
    [InlineData(nameof(EmbeddingGap.Late))]
    [InlineData(nameof(EmbeddingGap.Failed))]
    [InlineData(nameof(EmbeddingGap.Resting))]
    [InlineData(nameof(EmbeddingGap.WrongCount))]
    public async Task One_that_does_not_answer_is_not_known_yet(string gap)
    {
        var verdict = await Probe(new FakeEmbedder(_ => EmbeddingResult.Without(Enum.Parse<EmbeddingGap>(gap))));

        Assert.Equal(new ProbeVerdict(ProbeState.Unknown, $"there was no answer for a text in English ({gap})"), verdict);
    }

    private static ValueTask<ProbeVerdict> Probe(IEmbedder embedder) => EmbedderProbe.RunAsync(embedder, EmbedderRig.Acme, CancellationToken.None);

    private static bool IsChinese(string text) => text.Any(one => one > '\u4E00');

    private static EmbeddingResult Blend(EmbeddingResult one, EmbeddingResult other, float share) =>
        UnitVector.From(one.Vector.ToArray().Zip(other.Vector.ToArray(), (a, b) => a + (share * b)).ToArray(), one.Vector.Length);
}

using LlmGateway.Caching.Semantic.Embedding;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

/// <summary>Whatever a model answers, a request hears why it has no vector, and never of an exception.</summary>
public class BadAnswerTests
{
    private readonly EmbedderRig _rig = new();

    public static TheoryData<float[][]?, int> Answers => new()
    {
        { null, (int)EmbeddingGap.Failed },
        { [], (int)EmbeddingGap.WrongCount },
        { [[1, 2, 3, 4], [1, 2, 3, 4]], (int)EmbeddingGap.WrongCount },
        { [[1, 2, 3]], (int)EmbeddingGap.WrongLength },
        { [[1, 2, 3, 4, 5]], (int)EmbeddingGap.WrongLength },
        { [null!], (int)EmbeddingGap.WrongLength },
        { [[1, float.NaN, 3, 4]], (int)EmbeddingGap.NotFinite },
        { [[1, float.NegativeInfinity, 3, 4]], (int)EmbeddingGap.NotFinite },
        { [[0, 0, 0, 0]], (int)EmbeddingGap.Zero },
        { [[1e-8f, 0, 0, 0]], (int)EmbeddingGap.Zero },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task It_is_told_what_is_wrong(float[][]? answer, int gap)
    {
        _rig.Transport.Answers = _ => answer;

        Assert.Equal((EmbeddingGap)gap, (await _rig.AskAlone("text")).Gap);
        Assert.Equal(0, _rig.Embedder.CacheBytes);
    }

    [Fact]
    public async Task One_bad_vector_takes_none_of_the_others()
    {
        _rig.Transport.Answers = texts => [.. texts.Select(text => text == "bad" ? new float[4] : FakeTransport.VectorOf(text))];
        var (good, bad, fine) = (_rig.Ask("good"), _rig.Ask("bad"), _rig.Ask("fine"));

        Assert.True((await good).HasVector);
        Assert.Equal(EmbeddingGap.Zero, (await bad).Gap);
        Assert.True((await fine).HasVector);
    }

    [Fact]
    public async Task A_call_that_throws_is_a_call_that_failed()
    {
        _rig.Transport.Answers = _ => throw new HttpRequestException("refused");

        Assert.Equal(EmbeddingGap.Failed, (await _rig.AskAlone("text")).Gap);
    }

    /// <summary>Large vectors are no worse for being large: their length is taken in double precision.</summary>
    [Fact]
    public void A_vector_of_any_length_becomes_one_of_length_1()
    {
        Assert.All([[3e30f, 4e30f], [3e-5f, 4e-5f], new[] { 3f, 4f }], vector =>
        {
            var unit = UnitVector.From(vector, 2).Vector.Span;
            Assert.Equal(0.6, unit[0], 1e-6);
            Assert.Equal(0.8, unit[1], 1e-6);
        });
    }
}

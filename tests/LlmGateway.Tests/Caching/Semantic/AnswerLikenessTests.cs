using System.Text;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Embedding.Builtin;

namespace LlmGateway.Tests.Caching.Semantic;

public sealed class AnswerLikenessTests
{
    private const string Long = "Slice the loaf, wrap every slice in paper, put the slices into a bag, press the air out, and keep the bag at minus 18 degrees for up to 3 months.";

    [Theory]
    [InlineData("Paris", "paris.", true)]
    [InlineData("是的。", "是的", true)]
    [InlineData(Long, "Never put any of it into that machine; eat everything now while it is warm.", false)]
    [InlineData("Paris", "Rome", false)]
    public async Task What_is_the_same_is_right_and_what_has_nothing_in_common_is_wrong(string one, string other, bool same)
    {
        Assert.Equal(same, await SameAsync(one, other));
        Assert.Equal(same, await SameAsync(other, one));
    }

    [Fact]
    public async Task What_is_alike_is_right_unless_a_number_or_a_negation_differs()
    {
        Assert.True(await SameAsync(Long, Long.Replace("Slice the loaf", "Slice a loaf", StringComparison.Ordinal)));
        Assert.False(await SameAsync(Long, Long.Replace("3 months", "6 months", StringComparison.Ordinal)));
        Assert.False(await SameAsync(Long, Long.Replace("and keep", "and never keep", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_lies_between_cannot_be_told() =>
        Assert.Null(await SameAsync(Long, "Slice the loaf, put the slices into a bag and press the air out. It keeps for months, wrapped well, deep in your icebox."));

    [Fact]
    public async Task Without_vectors_nothing_can_be_told_but_equality()
    {
        var none = new FakeNone();
        Assert.True(await AnswerLikeness.SameAsync("Paris", "paris", none, default, default));
        Assert.Null(await AnswerLikeness.SameAsync("Paris", "Rome", none, default, default));
    }

    [Fact]
    public async Task Of_a_long_answer_its_beginning_is_compared()
    {
        var text = string.Join(' ', Enumerable.Range(0, 600).Select(number => $"word{number}"));
        Assert.True(await SameAsync(text + " end", text + " other"));
        Assert.True(await SameAsync(new string('a', AnswerLikeness.MostCharacters - 1) + "😀 one", new string('a', AnswerLikeness.MostCharacters - 1) + "😀 two"));
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"Hi"}}]}""", "Hi")]
    [InlineData("""{"choices":[{"message":{"content":null}}]}""", null)]
    [InlineData("""{"choices":[{"message":{}}]}""", null)]
    [InlineData("""{"choices":[{"text":"Hi"}]}""", null)]
    [InlineData("""{"choices":[1]}""", null)]
    [InlineData("""{"choices":[]}""", null)]
    [InlineData("""{"choices":{}}""", null)]
    [InlineData("""[]""", null)]
    [InlineData("""{"choices":""", null)]
    public void The_text_of_an_answer_is_that_of_its_first_choice(string document, string? text) =>
        Assert.Equal(text, AnswerText.Of(Encoding.UTF8.GetBytes(document)));

    private static ValueTask<bool?> SameAsync(string one, string other) => AnswerLikeness.SameAsync(one, other, new BuiltinEmbedder(), default, default);

    private sealed class FakeNone : IEmbedder
    {
        public string Id => "none";

        public int Dimensions => 8;

        public ValueTask<EmbeddingResult> EmbedAsync(string text, EmbeddingContext context, CancellationToken cancellation) => new(EmbeddingResult.Without(EmbeddingGap.Failed));
    }
}

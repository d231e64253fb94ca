using System.IO.Hashing;
using System.Runtime.InteropServices;
using CsCheck;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Embedding.Builtin;

namespace LlmGateway.Tests.Caching.Semantic.Embedding.Builtin;

public class BuiltinEmbedderTests
{
    private static readonly BuiltinEmbedder Embedder = new();

    [Theory]
    [InlineData("How do I reset my password?", "how can i reset the passwords", "How do I bake bread?")]
    [InlineData("Explain photosynthesis", "Please explain photosynthesis to me.", "Please explain inflation to me.")]
    [InlineData("How do I sort a list in C#?", "Sorting lists in C#", "How do I sort a list in C++?")]
    [InlineData("怎么重置我的密码？", "如何重置账户密码", "怎么烤面包？")]
    [InlineData("北京到上海的高铁要多久", "高铁从北京到上海需要多久？", "上海有什么好吃的")]
    [InlineData("ＧＰＴ－４ 是什么", "gpt-4是什么？", "什么是量子力学")]
    public void What_is_alike_is_nearer_than_what_is_not(string text, string alike, string other) =>
        Assert.True(Cosine(text, alike) > Cosine(text, other) + 0.15, $"{Cosine(text, alike):0.00} and {Cosine(text, other):0.00}");

    [Theory]
    [InlineData("WHAT IS THE CAPITAL OF FRANCE", "what is the capital of france?")]
    [InlineData("１０ 个苹果", "10个苹果")]
    public void Width_case_and_punctuation_make_no_difference(string text, string same) => Assert.Equal(1, Cosine(text, same), 1e-6);

    /// <summary>Not told apart for sure: that is for the guards. But they are not the same.</summary>
    [Theory]
    [InlineData("Convert 100 USD to EUR", "Convert 1000 USD to EUR")]
    [InlineData("dog bites man", "man bites dog")]
    [InlineData("Is it safe to eat?", "Is it not safe to eat?")]
    [InlineData("可以吃吗", "不可以吃吗")]
    [InlineData("中国银行电话", "中国农业银行电话")]
    public void Hard_negatives_have_other_vectors(string text, string other) => Assert.InRange(Cosine(text, other), -1, 0.99);

    [Theory]
    [InlineData("")]
    [InlineData("?!… 。，")]
    [InlineData("   \n")]
    public void A_text_without_words_has_no_vector(string text) => Assert.Equal(EmbeddingGap.Empty, Embedder.Embed(text).Gap);

    [Fact]
    public void A_text_that_is_too_long_has_no_vector()
    {
        Assert.Equal(EmbeddingGap.TooLong, Embedder.Embed(new string('x', 4001)).Gap);
        Assert.True(Embedder.Embed(new string('中', 4000)).HasVector);
        Assert.True(Embedder.Embed(string.Concat(Enumerable.Repeat("ab ", 1333))).HasVector);
    }

    [Fact]
    public void Any_text_has_a_vector_of_length_1_or_a_reason() =>
        Gen.OneOf(Gen.String, Gen.OneOf("word ", "中文", "1,2.3", "a'b", "\uD83D", "é", "+#", "ＡＢ").Array[0, 300].Select(string.Concat)).Sample(text =>
        {
            var result = Embedder.Embed(text);
            Assert.Equal(result.HasVector ? 1 : 0, UnitVector.Cosine(result.Vector.Span, result.Vector.Span), 1e-5);
            Assert.True(result.HasVector || result.Gap is EmbeddingGap.Empty);
        }, iter: 3_000);

    /// <summary>Nodes share entries by their vectors. A change here needs another number in the id.</summary>
    [Fact]
    public void Vectors_are_the_same_on_every_host()
    {
        var hash = new XxHash64();
        foreach (var text in new[] { "How do I reset my PASSWORD?", "Ｉstanbul 3.5 + C++", "怎么重置我的密码？", "Résumé naïve ΑΘΗΝΑ москва" })
        {
            // To four digits: the last bits of a logarithm may differ.
            hash.Append(MemoryMarshal.AsBytes(Array.ConvertAll(Embedder.Embed(text).Vector.ToArray(), value => (int)MathF.Round(value * 10_000)).AsSpan()));
        }

        Assert.Equal("builtin/hashed-n-grams/1/256 53338fab520b4824", $"{Embedder.Id} {hash.GetCurrentHashAsUInt64():x16}");
    }

    private static double Cosine(string one, string other) => UnitVector.Cosine(Embedder.Embed(one).Vector.Span, Embedder.Embed(other).Vector.Span);
}

using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

public sealed class LexiconTests
{
    [Fact]
    public void The_word_lists_can_be_read_and_are_many() => Assert.InRange(Lexicon.Default.Count, 5_000, 50_000);

    [Theory]
    [InlineData("movies", "movie")]
    [InlineData("copies", "copying")]
    [InlineData("deleted", "deletion")]
    [InlineData("organising", "organization")]
    [InlineData("wrote", "writing")]
    [InlineData("shipped", "ships")]
    [InlineData("boxes", "box")]
    [InlineData("children", "child")]
    public void Forms_of_a_word_have_one_stem(string a, string b) => Assert.Equal(Stemmer.Stem(a), Stemmer.Stem(b));

    [Theory]
    [InlineData("string", "strong")]
    [InlineData("station", "state")]
    [InlineData("news", "newt")]
    [InlineData("user", "use")]
    public void Different_words_have_different_stems(string a, string b) => Assert.NotEqual(Stemmer.Stem(a), Stemmer.Stem(b));

    [Theory]
    [InlineData("一千二百", 1200)]
    [InlineData("二〇二四", 2024)]
    [InlineData("三万五", 35000)]
    [InlineData("十九", 19)]
    [InlineData("一百零五", 105)]
    [InlineData("两亿三千万", 230000000)]
    [InlineData("零", 0)]
    public void Chinese_numbers_have_their_value(string text, int value) => Assert.Equal((value, text.Length), ChineseNumbers.Read(text));

    [Theory]
    [InlineData("How do I start?", nameof(Language.English))]
    [InlineData("怎么用 Python 和 Docker 部署", nameof(Language.Chinese))]
    [InlineData("How do you say “图书馆” in French?", nameof(Language.English))]
    [InlineData("12 + 7", nameof(Language.Other))]
    [InlineData("Как начать?", nameof(Language.Other))]
    public void The_language_is_that_of_the_sentence(string text, string language) => Assert.Equal(language, LanguageDetector.Detect(TextNormaliser.Fold(text)).ToString());
}

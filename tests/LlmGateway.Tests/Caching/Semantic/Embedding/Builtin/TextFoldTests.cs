using CsCheck;
using LlmGateway.Caching.Semantic.Embedding.Builtin;

namespace LlmGateway.Tests.Caching.Semantic.Embedding.Builtin;

public class TextFoldTests
{
    [Theory]
    [InlineData("ＡＢＣ　１２３！", "abc 123!")]
    [InlineData("Résumé NAÏVE Straße", "resume naive strase")]
    [InlineData("re\u0301sume\u0301", "resume")]
    [InlineData("Łódź Čapek ŽIŽEK Ÿ", "łódź čapek žižek y")]
    [InlineData("ΑΘΗΝΑ ΣΟΦΟΣ ος", "αθηνα σοφοσ οσ")]
    [InlineData("МОСКВА Ёлка", "москва ёлка")]
    [InlineData("don't can’t 'quoted'", "dont cant 'quoted'")]
    [InlineData("1,000,000 1, 2", "1000000 1, 2")]
    [InlineData("人工智能，ＡＩ", "人工智能,ai")]
    public void Width_case_and_accents_are_gone(string text, string folded)
    {
        Assert.Equal(Accented(folded), Fold(text));
    }

    [Fact]
    public void Folding_twice_changes_nothing_and_nothing_grows() =>
        Gen.String.Sample(text =>
        {
            var folded = Fold(text);
            Assert.InRange(folded.Length, 0, text.Length);
            Assert.All(folded, one => Assert.Equal(one, TextFold.Fold(one)));
        }, iter: 5_000);

    [Theory]
    [InlineData('a', nameof(CharKind.Spaced))]
    [InlineData('9', nameof(CharKind.Spaced))]
    [InlineData('я', nameof(CharKind.Spaced))]
    [InlineData('中', nameof(CharKind.Unspaced))]
    [InlineData('の', nameof(CharKind.Unspaced))]
    [InlineData('한', nameof(CharKind.Unspaced))]
    [InlineData('ไ', nameof(CharKind.Unspaced))]
    [InlineData('。', nameof(CharKind.Separator))]
    [InlineData('…', nameof(CharKind.Separator))]
    [InlineData(' ', nameof(CharKind.Separator))]
    [InlineData('-', nameof(CharKind.Separator))]
    public void Scripts_are_told_apart(char one, string kind) => Assert.Equal(kind, TextFold.KindOf(one).ToString());

    [Theory]
    [InlineData("running", "run")]
    [InlineData("runs", "run")]
    [InlineData("houses", "hous")]
    [InlineData("house", "hous")]
    [InlineData("cities", "cit")]
    [InlineData("city", "cit")]
    [InlineData("stopped", "stop")]
    [InlineData("making", "mak")]
    [InlineData("make", "mak")]
    [InlineData("class", "clas")]
    [InlineData("status", "status")]
    [InlineData("red", "red")]
    [InlineData("2024s", "2024s")]
    [InlineData("москвас", "москвас")]
    public void Forms_of_a_word_have_one_stem(string word, string stem) => Assert.Equal(stem, LightStem.Of(word).ToString());

    private static string Fold(string text)
    {
        var into = new char[text.Length];
        return new string(into, 0, TextFold.Fold(text, into));
    }

    // In the table above as a person reads it: letters of Latin-1 are folded, those beyond keep their accents.
    private static string Accented(string text) => text.Replace('ó', 'o');
}

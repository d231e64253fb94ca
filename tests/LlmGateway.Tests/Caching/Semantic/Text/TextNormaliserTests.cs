using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

/// <summary>These run without ICU (InvariantGlobalization), where string.Normalize would leave most of this alone.</summary>
public sealed class TextNormaliserTests
{
    [Theory]
    [InlineData("Ｗｉ－Ｆｉ　密码？", "wi-fi密码")]
    [InlineData("  How  do\tI\u00A0start? ", "how do i start")]
    [InlineData("用 Python 写。", "用python写")]
    [InlineData("caf\u0065\u0301", "caf\u00E9")]
    [InlineData("It\u2019s \u201Cfine\u201D\u2026", "it's \"fine\"")]
    [InlineData("zero\u200Bwidth\uFEFF", "zerowidth")]
    [InlineData("ﬁle x²", "file x2")]
    [InlineData("①和②", "1和2")]
    [InlineData("C++, C#, .NET!", "c++ c# .net")]
    [InlineData("5! = 120", "5! = 120")]
    [InlineData("is -5 < 3.50?", "is -5 < 3.50")]
    [InlineData("你好，世界！", "你好世界")]
    [InlineData("人類有多少對染色體？", "人类有多少对染色体")]
    [InlineData("我帶著乾糧去看名著", "我带着干粮去看名著")]
    [InlineData("", "")]
    public void One_spelling_for_what_looks_alike(string text, string expected) => Assert.Equal(expected, TextNormaliser.ForEquality(TextNormaliser.Fold(text)));

    [Theory]
    [InlineData("What is C?", "What is C++?")]
    [InlineData("What is 3!", "What is 3")]
    [InlineData("version 3.1", "version 31")]
    [InlineData("add -5", "add 5")]
    [InlineData("“后”字怎么读", "“後”字怎么读")]
    [InlineData("把繁体的後改成简体", "把繁体的后改成简体")]
    public void What_differs_in_meaning_stays_apart(string a, string b) =>
        Assert.NotEqual(TextNormaliser.ForEquality(TextNormaliser.Fold(a)), TextNormaliser.ForEquality(TextNormaliser.Fold(b)));

    [Fact]
    public void Folding_twice_is_folding_once()
    {
        foreach (var pair in PromptPair.Development())
        {
            var once = TextNormaliser.Fold(pair.A);
            Assert.Equal(once, TextNormaliser.Fold(once));
            var equality = TextNormaliser.ForEquality(once);
            Assert.Equal(equality, TextNormaliser.ForEquality(TextNormaliser.Fold(equality)));
        }
    }
}

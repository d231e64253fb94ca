using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

public sealed class LanguageDetectorTests
{
    [Theory]
    [InlineData("How do I boil an egg?", "English")]
    [InlineData("怎么煮鸡蛋？", "Chinese")]
    [InlineData("SQL left join right join 区别", "Chinese")]
    [InlineData("React useEffect useLayoutEffect useMemo 区别是什么", "Chinese")]
    [InlineData("What does 你好 mean?", "Mixed")]
    [InlineData("What does \"你好，世界\" mean?", "English")]
    [InlineData("東京の天気はどうですか", "Other")]
    [InlineData("卵はどうやって茹でますか", "Other")]
    [InlineData("Как сварить яйцо?", "Other")]
    [InlineData("12345", "Other")]
    public void The_language_is_that_of_the_sentence_and_not_of_its_names(string text, string expected) =>
        Assert.Equal(expected, LanguageDetector.Detect(TextNormaliser.Fold(text)).ToString());
}

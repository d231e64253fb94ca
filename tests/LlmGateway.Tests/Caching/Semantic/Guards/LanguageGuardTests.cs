using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class LanguageGuardTests
{
    [Theory]
    [InlineData("Explain tides in French", "Explain tides in German", false)]
    [InlineData("用英文解释潮汐", "用英语解释潮汐", true)]
    [InlineData("用英文解释潮汐", "用法文解释潮汐", false)]
    [InlineData("What is a tide?", "什么是潮汐？", false)]
    [InlineData("怎么用 Python 写循环", "怎么用Python写循环", true)]
    [InlineData("What is the German flag?", "What is the flag of Germany?", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new LanguageGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

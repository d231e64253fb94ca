using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class EntitiesGuardTests
{
    [Theory]
    [InlineData("the capital of Austria", "the capital of Australia", false)]
    [InlineData("how to buy a Samsung phone", "how to buy a Google phone", false)]
    [InlineData("What does \"pro rata\" mean?", "What does “pro rata” mean?", true)]
    [InlineData("What does \"pro rata\" mean?", "What does \"pro forma\" mean?", false)]
    [InlineData("在CentOS上安装Docker", "在Debian上安装Docker", false)]
    [InlineData("weather in paris", "weather in Paris", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new EntitiesGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

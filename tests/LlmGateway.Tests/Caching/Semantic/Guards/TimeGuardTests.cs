using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class TimeGuardTests
{
    [Theory]
    [InlineData("eat before a run", "eat after a run", false)]
    [InlineData("the first album", "the last album", false)]
    [InlineData("Seoul in January", "Seoul in July", false)]
    [InlineData("饭前吃水果", "饭后吃水果", false)]
    [InlineData("唐朝初期", "唐朝末期", false)]
    [InlineData("wash it prior to use", "wash it before use", true)]
    [InlineData("手术之前", "手术以前", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new TimeGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

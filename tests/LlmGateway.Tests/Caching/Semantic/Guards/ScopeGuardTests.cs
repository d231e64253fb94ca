using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class ScopeGuardTests
{
    [Theory]
    [InlineData("sort a list in Java", "sort a list in Rust", false)]
    [InlineData("doses for adults", "doses for children", false)]
    [InlineData("doses for kids", "doses for children", true)]
    [InlineData("在日本结婚", "在韩国结婚", false)]
    [InlineData("on Windows, change the font", "change the font on Windows", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new ScopeGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

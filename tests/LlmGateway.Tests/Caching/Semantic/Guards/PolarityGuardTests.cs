using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class PolarityGuardTests
{
    [Theory]
    [InlineData("turn on dark mode", "switch on dark mode", true)]
    [InlineData("turn on dark mode", "turn off dark mode", false)]
    [InlineData("foods that increase pressure", "foods that raise pressure", true)]
    [InlineData("foods that increase pressure", "foods that reduce pressure", false)]
    [InlineData("开启定位", "打开定位", true)]
    [InlineData("开启定位", "关闭定位", false)]
    [InlineData("安装驱动", "卸载驱动", false)]
    [InlineData("人民币升值", "人民币贬值", false)]
    [InlineData("生吃安全吗", "生吃危险吗", false)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new PolarityGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

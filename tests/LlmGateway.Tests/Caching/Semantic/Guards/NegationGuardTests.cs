using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class NegationGuardTests
{
    [Theory]
    [InlineData("Which mushrooms are edible?", "Which mushrooms are not edible?", false)]
    [InlineData("foods that can't be frozen", "foods that cannot be frozen", true)]
    [InlineData("pancakes with eggs", "pancakes without eggs", false)]
    [InlineData("哪些药能一起吃", "哪些药不能一起吃", false)]
    [InlineData("能不能吃隔夜菜", "可以吃隔夜菜吗", true)]
    [InlineData("哪些数是有理数", "哪些数不是有理数", false)]
    [InlineData("无线耳机怎么连", "耳机怎么连", true)]
    [InlineData("不锈钢锅怎么洗", "锅怎么洗", true)]
    [InlineData("身份证没过期但是消磁了", "身份证过期了但是没消磁", false)]
    [InlineData("哪些药不能跟酒一块儿吃", "哪些药不能和酒一起吃", true)]
    [InlineData("这样做行不？", "这样做行不行？", true)]
    [InlineData("My phone won't start", "My phone does not start", true)]
    [InlineData("Why won't old cars start?", "Why will old cars not start?", true)]
    [InlineData("My phone does start", "My phone does not start", false)]
    [InlineData("I don't know why figs rot", "Why do figs rot?", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new NegationGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

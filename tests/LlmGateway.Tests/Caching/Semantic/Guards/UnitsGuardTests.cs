using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class UnitsGuardTests
{
    [Theory]
    [InlineData("run 5 km", "run 5 kilometres", true)]
    [InlineData("run 5 km", "run 5 miles", false)]
    [InlineData("跑5公里", "跑5千米", true)]
    [InlineData("跑5公里", "跑5英里", false)]
    [InlineData("bake at 180 °C", "bake at 180 degrees Celsius", true)]
    [InlineData("bake at 180 °C", "bake at 180 °F", false)]
    [InlineData("it costs $20", "it costs 20 dollars", true)]
    [InlineData("it costs $20", "it costs €20", false)]
    [InlineData("吃100毫克", "吃100克", false)]
    [InlineData("the boiling point in Kelvin", "the boiling point in Fahrenheit", false)]
    [InlineData("一万五的预算", "1.5万元的预算", true)]
    [InlineData("7月的天气", "7个月的天气", false)]
    [InlineData("年薪十万", "年薪十万美元", false)]
    [InlineData("发烧39度", "发烧39℃", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new UnitsGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class NumbersGuardTests
{
    [Theory]
    [InlineData("Give me 3 tips", "Give me three tips", true)]
    [InlineData("invest 1,000 euros", "invest 1000 euros", true)]
    [InlineData("invest 1.5k euros", "invest 1500 euros", true)]
    [InlineData("a flat for 1.5万元", "a flat for 15000元", true)]
    [InlineData("写三个例子", "写3个例子", true)]
    [InlineData("写三个例子", "写4个例子", false)]
    [InlineData("百分之二十的折扣", "20%的折扣", true)]
    [InlineData("第二十三回讲了什么", "第23回讲了什么", true)]
    [InlineData("twenty-five days", "25 days", true)]
    [InlineData("one hundred and twenty days", "120 days", true)]
    [InlineData("the meeting at 9 pm", "the meeting at 21:00", true)]
    [InlineData("the meeting at 9 pm", "the meeting at 9 am", false)]
    [InlineData("晚上九点开会", "21点开会", true)]
    [InlineData("Python 3.10 features", "Python 3.1 features", false)]
    [InlineData("Write a poem", "Write one poem", true)]
    [InlineData("Write one poem", "Write two poems", false)]
    [InlineData("iPhone15 weight", "iPhone 15 weight", true)]
    [InlineData("World War II tanks", "World War 2 tanks", true)]
    [InlineData("发烧38度", "发烧40度", false)]
    [InlineData("半斤肉", "0.5斤肉", true)]
    [InlineData("下午3点半开会", "15:30开会", true)]
    [InlineData("下午三点十分开会", "15:10开会", true)]
    [InlineData("七月十五日", "7月15日", true)]
    [InlineData("三分之二是女生", "2/3是女生", true)]
    [InlineData("叁仟元", "3000元", true)]
    [InlineData("早8点出门", "晚8点出门", false)]
    [InlineData("晚8点出门", "20点出门", true)]
    [InlineData("2024-05-01是星期几", "二〇二四年五月一日是星期几", true)]
    [InlineData("打八五折", "打8.5折", true)]
    [InlineData("要等两三天", "要等2到3天", true)]
    [InlineData("08年奥运会", "2008年奥运会", true)]
    [InlineData("三斤半肉", "3.5斤肉", true)]
    [InlineData("上午十点一刻", "上午10:15", true)]
    [InlineData("首付三成", "首付30%", true)]
    [InlineData("两个人去", "三个人去", false)]
    [InlineData("俩人去", "两个人去", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new NumbersGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

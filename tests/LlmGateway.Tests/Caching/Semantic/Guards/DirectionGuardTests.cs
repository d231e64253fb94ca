using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class DirectionGuardTests
{
    [Theory]
    [InlineData("migrate from MySQL to Oracle", "migrate from Oracle to MySQL", false)]
    [InlineData("migrate from MySQL to Oracle", "migrate to Oracle from MySQL", true)]
    [InlineData("Why did Rome attack Carthage?", "Why did Carthage attack Rome?", false)]
    [InlineData("The dog chased the man", "The man was chased by the dog", true)]
    [InlineData("The dog chased the man", "The dog was chased by the man", false)]
    [InlineData("compare React and Vue", "compare Vue and React", true)]
    [InlineData("上海飞东京的航班", "东京飞上海的航班", false)]
    [InlineData("JSON怎么转换为XML", "XML怎么转换为JSON", false)]
    [InlineData("用数组比用链表好", "用链表比用数组好", false)]
    [InlineData("曹丕和曹植的关系", "曹植和曹丕的关系", true)]
    [InlineData("what is 5 minus 3", "what is 3 minus 5", false)]
    [InlineData("In Excel, how do I freeze a row?", "How do I freeze a row in Excel?", true)]
    [InlineData("拿中国驾照能在美国开车吗", "拿美国驾照能在中国开车吗", false)]
    [InlineData("阿根廷在哪年赢了法国", "法国在哪年赢了阿根廷", false)]
    [InlineData("黄瓜、鸡蛋、木耳能做什么菜", "木耳、鸡蛋、黄瓜能做什么菜", true)]
    [InlineData("孩子不爱写作业，家长该怎么引导", "家长该怎么引导不爱写作业的孩子", true)]
    [InlineData("How do cats show affection to people?", "How should people show affection to cats?", false)]
    [InlineData("Can a Dane read Norwegian?", "Can a Dane read Norwegian easily?", true)]
    [InlineData("Does a Dutch reader follow spoken Danish?", "Does a Danish reader follow spoken Dutch?", false)]
    [InlineData("My neighbour's ladder fell on my bike", "My ladder fell on my neighbour's bike", false)]
    [InlineData("My parrot doesn't greet me", "I don't greet my parrot", false)]
    [InlineData("What are rabbits hunted by?", "What do rabbits hunt?", false)]
    [InlineData("For whom did Bach write it?", "Bach wrote it for whom?", true)]
    [InlineData("add 3, 5 and 9", "add 9, 3 and 5", true)]
    [InlineData("Before baking it, do I rest the dough?", "Do I rest the dough before baking it?", true)]
    [InlineData("events of 2020-05-03", "events of May 3, 2020", true)]
    [InlineData("谁打败了巴西队", "巴西队打败了谁", false)]
    [InlineData("我把车借给朋友谁负责", "朋友把车借给我谁负责", false)]
    [InlineData("红楼梦的作者是谁", "谁写了红楼梦", true)]
    [InlineData("爸爸的妈妈叫什么", "妈妈的爸爸叫什么", false)]
    [InlineData("谁是曹操的儿子", "曹操是谁的儿子", false)]
    [InlineData("北京南站怎么去北京西站", "北京西站怎么去北京南站", false)]
    [InlineData("银耳怎么泡发得快", "怎样快速泡发银耳", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new DirectionGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

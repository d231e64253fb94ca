using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class QuestionGuardTests
{
    [Theory]
    [InlineData("Who built the bridge?", "When was the bridge built?", false)]
    [InlineData("How do I sharpen a knife?", "Is it worth sharpening a knife?", false)]
    [InlineData("How tall is the tower?", "What is the height of the tower?", true)]
    [InlineData("How do I make pesto?", "Give me a recipe for pesto", true)]
    [InlineData("What is a mutex?", "Explain mutexes", true)]
    [InlineData("Why is the sky blue?", "How come the sky is blue?", true)]
    [InlineData("为什么天是蓝的", "天为啥是蓝的", true)]
    [InlineData("公积金怎么提取", "公积金什么时候提取", false)]
    [InlineData("隔夜菜能不能吃", "隔夜菜怎么吃", false)]
    [InlineData("你能告诉我首都是哪里吗", "首都是哪里", true)]
    [InlineData("When the phone rings, what should I do?", "What should I do when the phone rings?", true)]
    [InlineData("为嘛猫都怕水", "为什么猫都怕水", true)]
    [InlineData("有个问题请教一下，月亮上有水吗", "月亮上有水吗", true)]
    [InlineData("要等几天", "要等多久", true)]
    [InlineData("Why do bees hum?", "What's the reason bees hum?", true)]
    [InlineData("Where is the source of the Nile?", "What is the location of the source of the Nile?", true)]
    [InlineData("When was the canal opened?", "Give me the year the canal was opened", true)]
    [InlineData("Who leads Norway?", "Name the leader of Norway", true)]
    [InlineData("How is osmosis defined?", "Give me a definition of osmosis", true)]
    [InlineData("How do yaks and bisons differ?", "What is the difference between yaks and bisons?", true)]
    [InlineData("Are there any trams in Oslo?", "Tell me whether there are trams in Oslo", true)]
    [InlineData("What does a saddler do?", "How does a saddler work?", false)]
    [InlineData("What is the fastest way to dry socks?", "How can I dry socks fast?", true)]
    [InlineData("What is the best time to plant garlic?", "When should I plant garlic?", true)]
    [InlineData("超市几点开门", "超市的营业时间是几点", true)]
    [InlineData("剩饭能放多久", "剩饭怎么放", false)]
    [InlineData("头孢是干什么的", "头孢什么时候吃", false)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new QuestionGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

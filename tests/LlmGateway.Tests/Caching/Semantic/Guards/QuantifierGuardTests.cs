using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class QuantifierGuardTests
{
    [Theory]
    [InlineData("Must a tenant paint?", "May a tenant paint?", false)]
    [InlineData("Do I need to tip?", "Do I have to tip?", true)]
    [InlineData("at least 12 characters", "at most 12 characters", false)]
    [InlineData("at least 12 characters", "no less than 12 characters", true)]
    [InlineData("Do all birds fly?", "Do some birds fly?", false)]
    [InlineData("list all planets", "list the planets", true)]
    [InlineData("密码至少12位", "密码不少于12位", true)]
    [InlineData("密码至少12位", "密码至多12位", false)]
    [InlineData("必须用铅笔吗", "可以用铅笔吗", false)]
    [InlineData("How can I fix it?", "How should I fix it?", true)]
    [InlineData("宋词全是写爱情的吗", "宋词里有写爱情的吗", false)]
    [InlineData("公司总是拖工资怎么办", "公司拖工资怎么办", true)]
    [InlineData("Name every moon of Mars", "Name one moon of Mars", false)]
    [InlineData("Can you freeze figs?", "Should you freeze figs?", false)]
    [InlineData("What do I have to bring?", "What may I bring?", false)]
    [InlineData("What are some good games?", "Suggest good games", true)]
    [InlineData("Is everyone here awake?", "Is anyone here awake?", false)]
    [InlineData("Shouldn't I rest first?", "Should I not rest first?", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new QuantifierGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

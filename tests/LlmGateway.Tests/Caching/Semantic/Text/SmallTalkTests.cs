using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

public sealed class SmallTalkTests
{
    [Theory]
    [InlineData("昨天跟朋友聊起来的，大家都说不清楚，月亮上有水吗？")]
    [InlineData("哎呀我真是服了，月亮上有水吗？")]
    [InlineData("月亮上有水吗？急，在线等。")]
    [InlineData("孩子问我的，一下子被问住了，月亮上有水吗？")]
    public void A_clause_of_talk_is_left_out(string text) =>
        Assert.Equal(Words("月亮上有水吗？"), Words(text));

    [Theory]
    [InlineData("孩子问我要钱，月亮上有水吗？", "钱")]
    [InlineData("昨天朋友借了我的车，撞了怎么办？", "车")]
    [InlineData("朋友聊天", "聊天")]
    public void A_clause_that_says_more_stays(string text, string word) =>
        Assert.Contains(TextFacts.Of(text).Terms, term => term.Text == word);

    private static string[] Words(string text) => [.. TextFacts.Of(text).Terms.Where(term => term.Kind is not (ConceptKind.Stop or ConceptKind.Request or ConceptKind.Joint)).Select(term => term.Text)];
}

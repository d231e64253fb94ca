using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

public sealed class ExclusionsTests
{
    [Theory]
    [InlineData("What is the weather today?", nameof(ExclusionReason.TimeSensitive))]
    [InlineData("今天的金价是多少？", nameof(ExclusionReason.TimeSensitive))]
    [InlineData("最新的iPhone是哪款？", nameof(ExclusionReason.TimeSensitive))]
    [InlineData("Where is my order?", nameof(ExclusionReason.Personal))]
    [InlineData("我的订单到哪了？", nameof(ExclusionReason.Personal))]
    [InlineData("Write to anna@example.com about the visit", nameof(ExclusionReason.PersonalData))]
    [InlineData("拨打13812345678是谁的电话", nameof(ExclusionReason.PersonalData))]
    [InlineData("Is the card 4111 1111 1111 1111 valid?", nameof(ExclusionReason.PersonalData))]
    [InlineData("身份证11010519491231002X是哪里的", nameof(ExclusionReason.PersonalData))]
    [InlineData("Who owns 203.0.113.7?", nameof(ExclusionReason.PersonalData))]
    [InlineData("Fix this code: x = = 1", nameof(ExclusionReason.Code))]
    [InlineData("```\nprint(1)\n``` what does it print", nameof(ExclusionReason.Code))]
    [InlineData("帮我修改这段代码", nameof(ExclusionReason.Code))]
    [InlineData("?!", nameof(ExclusionReason.NoText))]
    [InlineData("hi", nameof(ExclusionReason.TooShort))]
    [InlineData("What is the capital of Chile?", nameof(ExclusionReason.None))]
    [InlineData("Is the number 4111 1111 1111 1112 prime?", nameof(ExclusionReason.None))]
    [InlineData("身份证110105194912310021是哪里的", nameof(ExclusionReason.None))]
    [InlineData("What is new in Python 3.12.1?", nameof(ExclusionReason.None))]
    [InlineData("How do I reset my password?", nameof(ExclusionReason.None))]
    [InlineData("怎么重置密码？", nameof(ExclusionReason.None))]
    public void What_is_never_answered_from_a_similar_prompt_is_known_by_its_reason(string text, string reason) =>
        Assert.Equal(reason, Exclusions.Of(TextFacts.Of(text)).ToString());

    [Fact]
    public void A_text_beyond_the_bound_is_too_long() =>
        Assert.Equal(ExclusionReason.TooLong, Exclusions.Of(TextFacts.Of(string.Concat(Enumerable.Repeat("word ", Exclusions.LongestText / 5)) + "x")));
}

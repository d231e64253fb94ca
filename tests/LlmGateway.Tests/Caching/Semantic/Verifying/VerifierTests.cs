using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Caching.Semantic.Verifying;

namespace LlmGateway.Tests.Caching.Semantic.Verifying;

public sealed class VerifierTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1.5)]
    [InlineData(-2)]
    public void A_cosine_that_is_none_is_no_hit(double cosine)
    {
        var facts = TextFacts.Of("How do I freeze bread?");

        Assert.Equal(0, Verifier.Score(facts, facts, cosine));
    }

    [Fact]
    public void A_text_scores_high_with_itself_and_low_with_a_stranger()
    {
        var (bread, trains) = (TextFacts.Of("How do I freeze fresh bread at home?"), TextFacts.Of("Which trains stop in Lyon at night?"));

        Assert.InRange(Verifier.Score(bread, bread, 1), 0.8, 1);
        Assert.InRange(Verifier.Score(bread, trains, 0.95), 0, 0.3);
    }

    [Fact]
    public void A_paraphrase_scores_above_a_text_with_another_object()
    {
        var asked = TextFacts.Of("怎么清洗洗衣机？");

        Assert.True(Verifier.Score(asked, TextFacts.Of("请问如何清理洗衣机"), 0.9) > Verifier.Score(asked, TextFacts.Of("怎么清洗热水器？"), 0.97));
    }

    [Fact]
    public void The_score_rises_with_the_cosine_and_does_not_care_which_was_asked_first()
    {
        var (a, b) = (TextFacts.Of("What is the fastest way to peel garlic?"), TextFacts.Of("How can I peel garlic quickly?"));

        Assert.True(Verifier.Score(a, b, 0.9) > Verifier.Score(a, b, 0.7));
        Assert.Equal(Verifier.Score(a, b, 0.9), Verifier.Score(b, a, 0.9), 12);
    }
}

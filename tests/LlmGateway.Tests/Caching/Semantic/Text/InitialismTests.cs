using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

public sealed class InitialismTests
{
    [Theory]
    [InlineData("intelligence quotient tests", "iq", true)]
    [InlineData("the Food and Drug Administration", "fda", true)]
    [InlineData("the flag of the German Democratic Republic", "gdr", true)]
    [InlineData("the flag of the Federal Republic of Germany", "gdr", false)]
    [InlineData("democratic, republic", "dr", false)]
    [InlineData("quotient of intelligence", "iq", false)]
    public void Words_that_begin_with_its_letters_in_turn_are_what_it_stands_for(string text, string letters, bool found) =>
        Assert.Equal(found, Initialism.Find(letters, TextFacts.Of(text).Terms).End > 0);

    [Theory]
    [InlineData("the IQ", true)]
    [InlineData("the iqx", true)]
    [InlineData("the cat", false)]
    [InlineData("the Intelligence", false)]
    public void Capitals_and_strangers_may_be_one(string text, bool may) => Assert.Equal(may, Initialism.IsOne(TextFacts.Of(text).Terms[^1]));
}

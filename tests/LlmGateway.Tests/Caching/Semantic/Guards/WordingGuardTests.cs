using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class WordingGuardTests
{
    [Theory]
    [InlineData("Give me arguments for zoos", "Give me arguments against zoos", false)]
    [InlineData("Two clerks each earn 50 euros", "Two clerks together earn 50 euros", false)]
    [InlineData("Is it cheaper by day or by night?", "Is it cheaper by day and by night?", false)]
    [InlineData("Put the lamp over the bed", "Put the lamp under the bed", false)]
    [InlineData("tips on public speaking", "tips for public speaking", true)]
    [InlineData("lifeguards at the pool", "lifeguards in the pool", true)]
    [InlineData("if gold rises against silver, who wins", "if silver rises against gold, who wins", false)]
    [InlineData("compare tea with coffee", "compare coffee with tea", true)]
    [InlineData("cats and dogs as pets", "dogs and cats as pets", true)]
    [InlineData("How long after Easter is Whitsun?", "How long after Whitsun is Easter?", false)]
    [InlineData("In Word, how do I add a table?", "How do I add a table in Word?", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new WordingGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

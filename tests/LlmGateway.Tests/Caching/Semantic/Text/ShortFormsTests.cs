using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

/// <summary>Other spellings of the same words give the same words.</summary>
public sealed class ShortFormsTests
{
    [Theory]
    [InlineData("gonna buy", "going to buy")]
    [InlineData("y'all sing", "you all sing")]
    [InlineData("how come u can't fly", "how come you cannot fly")]
    [InlineData("pancakes w/o eggs", "pancakes without eggs")]
    [InlineData("tea w/ milk", "tea with milk")]
    [InlineData("wich bird", "which bird")]
    [InlineData("the avg temp", "the average temperature")]
    [InlineData("ask 'em", "ask them")]
    [InlineData("what's a quasar", "what is a quasar")]
    [InlineData("St. Andrew", "St Andrew")]
    [InlineData("salt & vinegar", "salt and vinegar")]
    public void They_are_read_as_what_they_stand_for(string text, string whole) => Assert.Equal(Words(whole), Words(text));

    [Theory]
    [InlineData("Rome in 44 BC", "Rome in 44 because")]
    [InlineData("grade A eggs", "grade eggs")]
    public void A_name_in_capitals_is_none(string text, string other) => Assert.NotEqual(Words(other), Words(text));

    private static IEnumerable<string> Words(string text) => TextFacts.Of(text).Terms.Select(static term => term.Text);
}

using LlmGateway.Catalog;
using LlmGateway.Limits;

namespace LlmGateway.Tests.Limits;

public sealed class RateHeadersTests
{
    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.0005, "1ms")]
    [InlineData(0.25, "250ms")]
    [InlineData(1.5, "1.5s")]
    [InlineData(59.9991, "1m0s")]
    [InlineData(360, "6m0s")]
    [InlineData(3605, "1h0m5s")]
    [InlineData(90000, "25h0m0s")]
    public void A_time_is_written_as_OpenAI_writes_it(double seconds, string text) => Assert.Equal(text, RateHeaders.Format(TimeSpan.FromSeconds(seconds)));
}

public sealed class TagMatchTests
{
    [Theory]
    [InlineData("""{"team":"red"}""", true)]
    [InlineData("""{"env":{"team":"red"},"team":"red"}""", true)]
    [InlineData("""{"team":"blue"}""", false)]
    [InlineData("""{"env":"red"}""", false)]
    [InlineData("""{"team":7}""", false)]
    [InlineData("{}", false)]
    [InlineData("", false)]
    public void A_tag_is_in_where_name_and_value_are(string tags, bool isIn) =>
        Assert.Equal(isIn, TagMatch.IsIn(new BudgetTag("team", "red"), System.Text.Encoding.UTF8.GetBytes(tags)));

    [Theory]
    [InlineData("team=red", "team", "red")]
    [InlineData("a=b=c", "a", "b=c")]
    [InlineData("=red", null, null)]
    [InlineData("team=", null, null)]
    [InlineData("team", null, null)]
    public void A_tag_is_written_with_its_value(string text, string? name, string? value)
    {
        var isTag = BudgetTag.TryParse(text, out var tag);
        Assert.Equal((name is not null, name, value), (isTag, isTag ? tag.Name : null, isTag ? tag.Value : null));
    }
}

using System.Text;
using LlmGateway.Admin;

namespace LlmGateway.Tests.Admin;

/// <summary>What a dry run is asked, and what it refuses to overlook.</summary>
public class ExplainRequestTests
{
    [Theory]
    [InlineData("tenant", "\"acme\"")]
    [InlineData("key", "\"key_1\"")]
    [InlineData("policy", "\"cheapest\"")]
    [InlineData("max_cost", "0.01")]
    [InlineData("at", "\"2027-01-01T00:00:00Z\"")]
    [InlineData("endpoint", "\"completions\"")]
    [InlineData("request", "{\"messages\":[]}")]
    public void A_member_of_ours_beside_the_members_of_a_body_is_refused_with_the_remedy(string member, string value)
    {
        var (request, error) = Read($$"""{"messages":[{"role":"user","content":"x"}],"{{member}}":{{value}}}""");

        Assert.Null(request);
        Assert.Equal((400, member), (error!.Status, error.Param));
        Assert.Contains("Put the body under 'request'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>OpenAI's body has a user of its own, and it means the same.</summary>
    [Fact]
    public void The_user_of_a_bare_body_is_a_part_of_it()
    {
        var (request, error) = Read("""{"messages":[],"user":"ann"}""");

        Assert.Null(error);
        Assert.Contains("\"user\":\"ann\"", Encoding.UTF8.GetString(request!.Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e-3", "0.001")]
    [InlineData("2.5E+1", "25")]
    [InlineData("0.01", "0.01")]
    [InlineData("\"0.01 CNY\"", "0.01 CNY")]
    public void A_ceiling_is_taken_however_JSON_writes_the_number(string written, string amount) =>
        Assert.Equal(amount, Read($$"""{"request":{"messages":[]},"max_cost":{{written}}}""").Request!.MaxCost);

    [Fact]
    public void A_ceiling_that_no_money_can_be_is_refused()
    {
        var (request, error) = Read("""{"request":{"messages":[]},"max_cost":1e400}""");

        Assert.Null(request);
        Assert.Equal((400, "max_cost"), (error!.Status, error.Param));
    }

    private static (ExplainRequest? Request, LlmGateway.Gateway.GatewayError? Error) Read(string body) => ExplainRequest.Read(Encoding.UTF8.GetBytes(body), "chat");
}

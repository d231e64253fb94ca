using System.Text;
using LlmGateway.Metering;

namespace LlmGateway.Tests.Metering;

public class RequestSizeTests
{
    [Theory]
    [InlineData("""{"model":"m","messages":[]}""", 0)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}]}""", 1)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"tool"}],"model":"m"}""", 2)]
    [InlineData("""{"metadata":{"messages":[{},{}]},"tools":[{},{}],"messages":[{}]}""", 1)]
    [InlineData("""{"messages":[{}],"tools":[{"type":"function"}]}""", 1)]
    [InlineData("""{"input":["a"]}""", 0)]
    public void Only_the_elements_of_messages_are_messages(string body, int messages)
    {
        Assert.Equal(messages, MessageCount.Of(Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void A_body_as_deep_as_any_that_is_let_through_is_counted()
    {
        var depth = LlmGateway.Requests.RequestReader.MaxDepth - 1;
        var body = $$"""{"tools":{{new string('[', depth)}}{{new string(']', depth)}},"messages":[{}]}""";

        Assert.Equal(1, MessageCount.Of(Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void The_beginning_of_the_text_is_kept_and_the_rest_is_counted()
    {
        using var writer = new BoundedTextWriter(10);
        foreach (var text in new[] { "12345", "678", new string('x', 10_000), "y" })
        {
            var size = Encoding.UTF8.GetBytes(text, writer.GetSpan(text.Length));
            writer.Advance(size);
        }

        Assert.Equal("12345678xx", Encoding.UTF8.GetString(writer.Kept.Span));
        Assert.Equal(10_009, writer.TotalBytes);
    }
}

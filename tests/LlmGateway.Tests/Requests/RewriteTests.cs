using System.Text;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Tests.Requests;

public sealed class RewriteTests
{
    private const string Messages = "\"messages\":[]";

    [Theory]
    [InlineData("""{"model":"chat",M}""", """{"model":"up",M}""")]
    [InlineData("""{ M , "model" : "chat" }""", """{ M , "model" : "up" }""")]
    [InlineData("""{"mod\u0065l":"c\u0068at",M}""", """{"mod\u0065l":"up",M}""")]
    [InlineData("""{"x":{"model":"chat"},"model":"chat",M}""", """{"x":{"model":"chat"},"model":"up",M}""")]
    public void Only_the_value_of_the_model_member_is_replaced(string json, string expected) =>
        Assert.Equal(expected.Replace("M", Messages), Bodies.Rewrite(json.Replace("M", Messages)));

    [Theory]
    [InlineData("""{"fallbacks":["a"],"model":"chat",M}""", """{"model":"up",M}""")]
    [InlineData("""{ "fallbacks" : [ "a" ] , "model":"chat",M}""", """{ "model":"up",M}""")]
    [InlineData("""{"model":"chat","fallbacks":["a","b"],M}""", """{"model":"up",M}""")]
    [InlineData("""{"model":"chat" , "fallbacks":[] , M}""", """{"model":"up" , M}""")]
    [InlineData("""{M,"model":"chat","fallbacks":null}""", """{M,"model":"up"}""")]
    [InlineData("""{M,"model":"chat", "f\u0061llbacks":["a"] }""", """{M,"model":"up" }""")]
    public void Fallbacks_go_with_the_comma_that_belongs_to_them(string json, string expected) =>
        Assert.Equal(expected.Replace("M", Messages), Bodies.Rewrite(json.Replace("M", Messages)));

    [Theory]
    [InlineData("""{"model":"chat","stream":true,M}""", """{"stream_options":{"include_usage":true},"model":"up","stream":true,M}""")]
    [InlineData("""{"model":"chat","stream":true,M,"stream_options":null}""", """{"model":"up","stream":true,M,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"chat","stream":true,M,"stream_options":{}}""", """{"model":"up","stream":true,M,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"chat","stream":true,M,"stream_options":{ }}""", """{"model":"up","stream":true,M,"stream_options":{"include_usage":true }}""")]
    [InlineData("""{"stream_options":{"a":1},"model":"chat","stream":true,M}""", """{"stream_options":{"include_usage":true,"a":1},"model":"up","stream":true,M}""")]
    [InlineData("""{"stream_options":{"a":1,"include_usage":false},"model":"chat","stream":true,M}""", """{"stream_options":{"a":1,"include_usage":true},"model":"up","stream":true,M}""")]
    [InlineData("""{"stream_options":{"include_usage" : null , "a":1},"model":"chat","stream":true,M}""", """{"stream_options":{"include_usage" : true , "a":1},"model":"up","stream":true,M}""")]
    [InlineData("""{"stream_options":{"include_usage":true},"model":"chat","stream":true,M}""", """{"stream_options":{"include_usage":true},"model":"up","stream":true,M}""")]
    [InlineData("""{"fallbacks":[], "model":"chat","stream":true,M}""", """{"stream_options":{"include_usage":true},"model":"up","stream":true,M}""")]
    public void A_stream_asks_for_usage_however_its_options_are_written(string json, string expected) =>
        Assert.Equal(expected.Replace("M", Messages), Bodies.Rewrite(json.Replace("M", Messages)));

    [Theory]
    [InlineData("""{"model":"chat",M}""", true)]
    [InlineData("""{"model":"chat",M,"stream":false,"stream_options":{"include_usage":false}}""", true)]
    [InlineData("""{"model":"chat",M,"stream":true}""", false)]
    [InlineData("""{"model":"chat",M,"stream":true,"stream_options":{"include_usage":false}}""", false)]
    public void Stream_options_stay_as_they_are_without_a_stream_or_where_the_provider_refuses_them(string json, bool askUsage) =>
        Assert.Equal(json.Replace("M", Messages).Replace("\"chat\"", "\"up\""), Bodies.Rewrite(json.Replace("M", Messages), askUsage: askUsage));

    [Fact]
    public void Embeddings_have_no_stream_to_ask_usage_of() =>
        Assert.Equal(
            """{"model":"up","input":"x","stream":true}""",
            Bodies.Rewrite("""{"model":"e","input":"x","stream":true}""", endpoint: EndpointKind.Embeddings));

    [Fact]
    public void A_model_name_is_escaped_as_JSON_needs_and_no_more() =>
        Assert.Equal("\"a\\\"b\\\\模型+<1>\"", Encoding.UTF8.GetString(ModelLiteral.Encode("a\"b\\模型+<1>")));
}

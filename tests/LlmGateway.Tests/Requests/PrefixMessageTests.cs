using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Tests.Requests;

public class PrefixMessageTests
{
    private const string User = """{"role":"user","content":"Hi"}""";

    [Theory]
    [InlineData("deepseek", """{"role":"assistant","content":"Riv","prefix":true}""", "")]
    [InlineData("mistral", """{"role":"assistant","content":"Riv","prefix":true}""", "")]
    [InlineData(null, """{"role":"assistant","content":"Riv","prefix":true}""", "")]
    [InlineData("moonshot", """{"role":"assistant","content":"Riv","partial":true}""", "")]
    [InlineData("qwen", """{"role":"assistant","content":"Riv","partial":true}""", "")]
    [InlineData("vllm", """{"role":"assistant","content":"Riv"}""", "\"continue_final_message\":true,\"add_generation_prompt\":false,")]
    public void Each_vendor_is_asked_to_go_on_in_its_own_way(string? profile, string message, string members)
    {
        var body = $$"""{"model":"chat","messages":[{{User}}],"seed":1}""";

        Assert.Equal($$"""{{{members}}"model":"up","messages":[{{User}},{{message}}],"seed":1}""", For(body, profile, "Riv"));
    }

    [Theory]
    [InlineData("""{"messages":[ ],"model":"chat"}""", """{"messages":[ {"role":"assistant","content":"Riv","prefix":true}],"model":"up"}""")]
    [InlineData("""{"messages":[],"model":"chat"}""", """{"messages":[{"role":"assistant","content":"Riv","prefix":true}],"model":"up"}""")]
    public void The_first_message_needs_no_comma(string body, string expected) => Assert.Equal(expected, For(body, "deepseek", "Riv"));

    [Fact]
    public void All_edits_together_leave_the_rest_as_it_was()
    {
        var body = $$"""{"fallbacks":["b"],"stream":true,"messages":[{{User}}],"model":"chat"}""";

        var rewritten = For(body, "vllm", "Riv");

        var root = JsonDocument.Parse(rewritten).RootElement;
        Assert.Equal(
            ["stream_options", "continue_final_message", "add_generation_prompt", "stream", "messages", "model"],
            root.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Riv", root.GetProperty("messages")[1].GetProperty("content").GetString());
    }

    [Fact]
    public void Nothing_is_put_in_for_an_empty_prefix_or_where_there_are_no_messages()
    {
        var chat = $$"""{"model":"chat","messages":[{{User}}]}""";
        Assert.Equal(chat.Replace("\"chat\"", "\"up\"", StringComparison.Ordinal), For(chat, "deepseek", ""));

        const string Legacy = """{"model":"chat","prompt":"Say"}""";
        Assert.Equal("""{"model":"up","prompt":"Say"}""", For(Legacy, "deepseek", "Riv", EndpointKind.Completions));
    }

    [Fact]
    public void Any_text_arrives_as_it_was_behind_the_messages_that_were_there() => Gen.String.Where(text => text.Length > 0 && IsText(text)).Sample(text =>
    {
        var escaped = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        var root = JsonDocument.Parse(For($$"""{"model":"chat","messages":[{{User}}, {{User}} ],"stream":true}""", "qwen", escaped)).RootElement;
        var messages = root.GetProperty("messages");
        return messages.GetArrayLength() == 3 && messages[2].GetProperty("content").GetString() == text && messages[1].GetProperty("content").GetString() == "Hi";
    });

    private static bool IsText(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);

    private static string For(string json, string? profile, string prefix, EndpointKind endpoint = EndpointKind.ChatCompletions)
    {
        var provider = new Provider { Name = "p", Dialect = Dialect.OpenAI, Profile = profile };
        var deployment = new Deployment { Name = "p/up", Provider = provider, Model = "up", PriceName = "p/up" };
        var outgoing = Bodies.Accept(json, endpoint).For(deployment, askUsage: true, Encoding.UTF8.GetBytes(prefix));
        using var reader = new StreamReader(outgoing.OpenRead());
        return reader.ReadToEnd();
    }
}

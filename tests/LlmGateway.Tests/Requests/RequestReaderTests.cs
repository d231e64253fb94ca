using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Tests.Requests;

public sealed class RequestReaderTests
{
    [Fact]
    public void The_members_that_decide_are_read()
    {
        var request = Bodies.Accept(Bodies.Chat(
            """ "stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":100,"n":2,"user":"u","metadata":{"team":"a"},"fallbacks":["x","y"] """));

        Assert.Equal("chat", request.Model);
        Assert.True(request.Stream);
        Assert.True(request.IncludeUsage);
        Assert.Equal(100, request.MaxOutput);
        Assert.Equal(2, request.Choices);
        Assert.Equal("u", request.User);
        Assert.Equal("""{"team":"a"}""", Encoding.UTF8.GetString(request.Metadata.Span));
        Assert.Equal(["x", "y"], request.Fallbacks);
        Assert.Equal(Capabilities.None, request.Needs);
    }

    [Fact]
    public void Null_is_as_good_as_absent()
    {
        var request = Bodies.Accept(Bodies.Chat(
            """ "stream":null,"stream_options":null,"max_tokens":null,"n":null,"user":null,"metadata":null,"tools":null,"functions":null,"response_format":null,"reasoning_effort":null,"fallbacks":null,"parallel_tool_calls":null """));

        Assert.False(request.Stream);
        Assert.Null(request.MaxOutput);
        Assert.Equal(1, request.Choices);
        Assert.Null(request.User);
        Assert.True(request.Metadata.IsEmpty);
        Assert.Equal(Capabilities.None, request.Needs);
    }

    [Theory]
    [InlineData("\"max_tokens\":7", 7L)]
    [InlineData("\"max_tokens\":7.0", 7L)]
    [InlineData("\"max_tokens\":7e2", 700L)]
    [InlineData("\"max_tokens\":0", 0L)]
    [InlineData("\"max_tokens\":-1", null)]
    [InlineData("\"max_tokens\":7,\"max_completion_tokens\":9", 9L)]
    [InlineData("\"max_completion_tokens\":9,\"max_tokens\":7", 9L)]
    public void The_output_bound_is_the_largest_that_a_provider_could_go_by(string members, long? expected) =>
        Assert.Equal(expected, Bodies.Accept(Bodies.Chat(members)).MaxOutput);

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "Tools")]
    [InlineData("\"tools\":[]", "None")]
    [InlineData("\"functions\":[{}]", "Tools")]
    [InlineData("\"tools\":[{},{}]", "Tools")]
    [InlineData("\"tools\":[{},{}],\"parallel_tool_calls\":true", "Tools, ParallelTools")]
    [InlineData("\"parallel_tool_calls\":true,\"tools\":[{},{}]", "Tools, ParallelTools")]
    [InlineData("\"parallel_tool_calls\":true,\"tools\":[{}]", "Tools")]
    [InlineData("\"parallel_tool_calls\":false,\"tools\":[{},{}]", "Tools")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "JsonObject")]
    [InlineData("\"response_format\":{\"json_schema\":{\"schema\":{}},\"type\":\"json_schema\"}", "JsonSchema")]
    [InlineData("\"response_format\":{\"type\":\"text\"}", "None")]
    [InlineData("\"reasoning_effort\":\"low\"", "Reasoning")]
    [InlineData("\"reasoning_effort\":\"none\"", "None")]
    public void Members_tell_what_a_deployment_must_be_able_to_do(string members, string expected) =>
        Assert.Equal(expected, Bodies.Accept(Bodies.Chat(members)).Needs.ToString());

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"x"}]}""", "None")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x"}}]}""", "Vision")]
    [InlineData("""{"role":"user","content":[{"type":"im\u0061ge_url","im\u0061ge_url":{"url":"http://x"}}]}""", "Vision")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA"}}]}""", "Audio")]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{"file_id":"x"}}]}""", "Files")]
    [InlineData("""{"role":"assistant","content":"x","prefix":true}""", "PrefixCompletion")]
    [InlineData("""{"partial":true,"role":"assistant","content":"x"}""", "PrefixCompletion")]
    [InlineData("""{"role":"assistant","content":"x","prefix":false}""", "None")]
    [InlineData("""{"role":"user","content":"x","prefix":true}""", "None")]
    [InlineData("""{"role":"assistant","content":"x","prefix":true},{"role":"user","content":"y"}""", "None")]
    public void Messages_tell_what_a_deployment_must_be_able_to_do(string messages, string expected) =>
        Assert.Equal(expected, Bodies.Accept($$"""{"model":"m","messages":[{{messages}}]}""").Needs.ToString());

    [Theory]
    [InlineData("\"x\"", 1)]
    [InlineData("[\"x\",\"y\"]", 2)]
    [InlineData("[1,2,3]", 1)]
    [InlineData("[[1],[2,3]]", 2)]
    [InlineData("[]", 1)]
    public void Each_prompt_of_a_completion_has_its_choices(string prompt, int prompts)
    {
        var request = Bodies.Accept($$"""{"model":"m","prompt":{{prompt}},"n":2,"best_of":3}""", EndpointKind.Completions);
        Assert.Equal(3 * prompts, request.Choices);
    }

    [Fact]
    public void Embeddings_need_a_deployment_for_them_and_never_stream()
    {
        var request = Bodies.Accept("""{"model":"m","input":[[1,2,3],[4]],"stream":true}""", EndpointKind.Embeddings);
        Assert.Equal(Capabilities.Embeddings, request.Needs);
        Assert.Equal(4, request.InputTokenEstimate);
        Assert.False(request.Stream);
    }

    [Fact]
    public void Safety_identifier_stands_in_for_the_user()
    {
        Assert.Equal("s", Bodies.Accept(Bodies.Chat("\"safety_identifier\":\"s\"")).User);
        Assert.Equal("u", Bodies.Accept(Bodies.Chat("\"safety_identifier\":\"s\",\"user\":\"u\"")).User);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("a\\u0007")]
    [InlineData("\\udc00\\ud800")]
    public void A_user_that_cannot_be_written_down_is_left_to_the_provider(string user)
    {
        var request = Bodies.Accept(Bodies.Chat($"\"user\":\"{user}\""));
        Assert.Null(request.User);
        Assert.True(request.UserDropped);
    }

    [Fact]
    public void A_user_longer_than_256_characters_is_left_to_the_provider()
    {
        Assert.Equal(256, Bodies.Accept(Bodies.Chat($"\"user\":\"{new string('u', 256)}\"")).User!.Length);
        Assert.True(Bodies.Accept(Bodies.Chat($"\"user\":\"{new string('u', 257)}\"")).UserDropped);
    }

    [Fact]
    public void Lone_surrogates_pass_in_what_the_gateway_does_not_read() =>
        Assert.Equal("m", Bodies.Accept("""{"model":"m","\ud800":"\udfff","messages":[{"role":"user","content":"\ud800","\udc00":1}]}""").Model);

    [Fact]
    public void A_byte_order_mark_is_left_out()
    {
        var request = Bodies.Accept([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("""{"model":"m","messages":[]}""")]);
        Assert.Equal((byte)'{', request.Body.Span[0]);
        Assert.Equal("""{"model":"up","messages":[]}""", Encoding.UTF8.GetString(Bodies.Rewrite(request, "up", askUsage: true)));
    }

    [Fact]
    public void A_model_name_may_be_escaped_and_256_characters_long()
    {
        Assert.Equal("模型", Bodies.Accept("""{"model":"\u6a21\u578b","messages":[]}""").Model);
        Assert.Equal(256, Bodies.Accept($$"""{"model":"{{new string('m', 256)}}","messages":[]}""").Model.Length);
    }

    [Fact]
    public void Nesting_is_accepted_to_its_bound()
    {
        var deep = RequestReader.MaxDepth - 1;
        Bodies.Accept(Bodies.Chat($"\"x\":{new string('[', deep)}{new string(']', deep)}"));
        var error = Bodies.Refuse(Bodies.Chat($"\"x\":{new string('[', deep + 1)}{new string(']', deep + 1)}"));
        Assert.Contains("nested deeper than 128 levels", error.Message);
    }
}

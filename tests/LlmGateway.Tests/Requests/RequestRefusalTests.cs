using LlmGateway.Gateway;

namespace LlmGateway.Tests.Requests;

public sealed class RequestRefusalTests
{
    [Theory]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"model":null,"messages":[]}""")]
    [InlineData("""{"metadata":{"model":"m"},"messages":[]}""")]
    public void A_missing_model_is_asked_for(string json)
    {
        var error = Bodies.Refuse(json);
        Assert.Equal("You must provide a model parameter.", error.Message);
        Assert.Equal("model", error.Param);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("LONG")]
    public void A_model_must_be_a_name(string model)
    {
        var error = Bodies.Refuse($$"""{"model":{{model.Replace("LONG", $"\"{new string('m', 257)}\"")}},"messages":[]}""");
        Assert.Equal("Invalid 'model': it must be a name of 1 to 256 characters.", error.Message);
        Assert.Equal("model", error.Param);
    }

    [Theory]
    [InlineData("\"stream\":\"true\"", "stream", "a boolean", "a string")]
    [InlineData("\"stream\":1", "stream", "a boolean", "a number")]
    [InlineData("\"stream_options\":true", "stream_options", "an object", "a boolean")]
    [InlineData("\"stream_options\":{\"include_usage\":\"yes\"}", "stream_options.include_usage", "a boolean", "a string")]
    [InlineData("\"max_tokens\":\"9\"", "max_tokens", "an integer", "a string")]
    [InlineData("\"max_tokens\":1.5", "max_tokens", "an integer", "another number")]
    [InlineData("\"max_completion_tokens\":1e99", "max_completion_tokens", "an integer", "another number")]
    [InlineData("\"n\":[1]", "n", "an integer", "an array")]
    [InlineData("\"user\":7", "user", "a string", "a number")]
    [InlineData("\"safety_identifier\":{}", "safety_identifier", "a string", "an object")]
    [InlineData("\"metadata\":[]", "metadata", "an object", "an array")]
    [InlineData("\"tools\":{}", "tools", "an array", "an object")]
    [InlineData("\"functions\":\"f\"", "functions", "an array", "a string")]
    [InlineData("\"parallel_tool_calls\":1", "parallel_tool_calls", "a boolean", "a number")]
    [InlineData("\"response_format\":\"json\"", "response_format", "an object", "a string")]
    [InlineData("\"response_format\":{\"type\":1}", "response_format.type", "a string", "a number")]
    [InlineData("\"reasoning_effort\":1", "reasoning_effort", "a string", "a number")]
    [InlineData("\"fallbacks\":\"x\"", "fallbacks", "an array of strings", "a string")]
    [InlineData("\"fallbacks\":[\"x\",null]", "fallbacks[1]", "a string", "null")]
    public void A_wrong_type_is_named_with_what_was_found(string member, string param, string expected, string found)
    {
        var error = Bodies.Refuse(Bodies.Chat(member));
        Assert.Equal($"Invalid type for '{param}': expected {expected}, but got {found} instead.", error.Message);
        Assert.Equal(param, error.Param);
        Assert.Equal("invalid_type", error.Code);
    }

    [Theory]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"n\":129", "n")]
    [InlineData("\"best_of\":-1", "best_of")]
    [InlineData("\"max_tokens\":-2", "max_tokens")]
    [InlineData("\"fallbacks\":[\"\"]", "fallbacks[0]")]
    [InlineData("\"fallbacks\":[\"\\ud800\"]", "fallbacks[0]")]
    [InlineData("\"fallbacks\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", "fallbacks")]
    public void A_value_out_of_range_is_refused(string member, string param)
    {
        var error = Bodies.Refuse(Bodies.Chat(member.Contains("17") ? "\"fallbacks\":[" + string.Join(",", Enumerable.Repeat("\"x\"", 17)) + "]" : member));
        Assert.Equal(param, error.Param);
        Assert.Equal("invalid_value", error.Code);
    }

    [Theory]
    [InlineData(nameof(EndpointKind.ChatCompletions), "messages")]
    [InlineData(nameof(EndpointKind.Completions), "prompt")]
    [InlineData(nameof(EndpointKind.Embeddings), "input")]
    public void The_content_of_the_endpoint_must_be_there(string kind, string param)
    {
        var endpoint = Enum.Parse<EndpointKind>(kind);
        Assert.Equal($"Missing required parameter: '{param}'.", Bodies.Refuse("""{"model":"m"}""", endpoint).Message);
        Assert.Equal($"Missing required parameter: '{param}'.", Bodies.Refuse($$"""{"model":"m","{{param}}":null}""", endpoint).Message);
        Assert.Equal(param, Bodies.Refuse($$"""{"model":"m","{{param}}":1}""", endpoint).Param);
    }

    [Fact]
    public void A_message_must_be_an_object()
    {
        var error = Bodies.Refuse("""{"model":"m","messages":[{"role":"user"},"Hi"]}""");
        Assert.Equal("Invalid type for 'messages[1]': expected an object, but got a string instead.", error.Message);
    }

    [Theory]
    [InlineData("\"model\":\"other\"", "model")]
    [InlineData("\"mod\\u0065l\":\"other\"", "model")]
    [InlineData("\"messages\":[]", "messages")]
    [InlineData("\"stream\":true,\"stream\":false", "stream")]
    [InlineData("\"stream_options\":{},\"stream_options\":{}", "stream_options")]
    [InlineData("\"stream_options\":{\"include_usage\":true,\"include_\\u0075sage\":false}", "stream_options.include_usage")]
    [InlineData("\"max_tokens\":1,\"max_tokens\":2", "max_tokens")]
    [InlineData("\"fallbacks\":[],\"fallbacks\":[]", "fallbacks")]
    public void A_member_that_decides_is_refused_when_it_is_given_twice(string members, string param)
    {
        var error = Bodies.Refuse(Bodies.Chat(members));
        Assert.Equal("duplicate_parameter", error.Code);
        Assert.Equal(param, error.Param);
    }

    [Fact]
    public void A_member_that_does_not_decide_may_be_given_twice() => Bodies.Accept(Bodies.Chat("\"x\":1,\"x\":2"));

    // Parsers in Go take a name in any case, and with two letters beyond ASCII.
    [Theory]
    [InlineData("\"Model\":\"dear\"", "model")]
    [InlineData("\"MODEL\":\"dear\"", "model")]
    [InlineData("\"\\u004dodel\":\"dear\"", "model")]
    [InlineData("\"\\u017ftream\":true", "stream")]
    [InlineData("\"ſtream\":true", "stream")]
    [InlineData("\"max_to\u212Aens\":1", "max_tokens")]
    public void A_member_that_differs_only_in_case_is_refused(string member, string param)
    {
        var error = Bodies.Refuse(Bodies.Chat(member));
        Assert.Equal("unknown_parameter", error.Code);
        Assert.Equal(param, error.Param);
    }

    [Theory]
    [InlineData("{\"model\":\"m\",}", "unexpected '}', line 1, column 14 (byte 13)")]
    [InlineData("{\n  \"model\": m\n}", "unexpected 'm', line 2, column 12 (byte 13)")]
    [InlineData("{\"模型\":1,\n\"模\":nul}", "unexpected '}', line 2, column 8 (byte 22)")]
    [InlineData("{\"model\":\"m\"", "it ends too early, line 1, column 13 (byte 12)")]
    [InlineData("{\"model\":\"m", "it ends too early, line 1, column 12 (byte 11)")]
    [InlineData("{\"model\":\"m\"} x", "unexpected 'x', line 1, column 15 (byte 14)")]
    [InlineData("{\"model\":\"m\"}{}", "unexpected '{', line 1, column 14 (byte 13)")]
    [InlineData("{\"model\":\"a\tb\"}", "unexpected byte 0x09, line 1, column 12 (byte 11)")]
    [InlineData("model=m", "unexpected 'm', line 1, column 1 (byte 0)")]
    public void Malformed_JSON_is_refused_with_its_place(string json, string place)
    {
        var error = Bodies.Refuse(json);
        Assert.Equal($"The request body is not valid JSON: {place}.", error.Message);
        Assert.Equal("invalid_json", error.Code);
        Assert.Null(error.Param);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_with_their_place()
    {
        var error = Bodies.Refuse([.. "{\"model\":\"模"u8, 0xFF, .. "\"}"u8]);
        Assert.Equal("The request body is not valid JSON: it is not UTF-8, line 1, column 12 (byte 13).", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("\uFEFF")]
    public void An_empty_body_is_refused(string json) => Assert.Contains("is empty", Bodies.Refuse(json).Message);

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("\"model\"", "a string")]
    [InlineData("null", "null")]
    public void A_body_must_be_an_object(string json, string found) =>
        Assert.Equal($"The request body must be a JSON object, but it is {found}.", Bodies.Refuse(json).Message);
}

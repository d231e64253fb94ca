using System.Buffers;
using System.Text.Json.Nodes;
using LlmGateway.Protocols.Translation;
using static LlmGateway.Protocols.Tests.Translation.ResponsesDriver;

namespace LlmGateway.Protocols.Tests.Translation;

public sealed class ResponsesFailureTests
{
    private static string Error(string type, string code) => $$"""{"error":{"message":"it \"broke\"","type":"{{type}}","param":null,"code":{{code}}},"choices":null}""";

    [Theory]
    [InlineData("server_error", "\"upstream_timeout\"", "server_error")]
    [InlineData("server_error", "null", "server_error")]
    [InlineData("requests", "\"rate_limit_exceeded\"", "rate_limit_exceeded")]
    [InlineData("tokens", "null", "rate_limit_exceeded")]
    [InlineData("insufficient_quota", "\"insufficient_quota\"", "rate_limit_exceeded")]
    [InlineData("invalid_request_error", "\"context_length_exceeded\"", "invalid_prompt")]
    [InlineData("invalid_request_error", "\"invalid_image_url\"", "invalid_image_url")]
    [InlineData("x", "\"content_filter\"", "invalid_prompt")]
    public void A_failure_behind_the_start_fails_the_response_with_one_of_the_codes_that_there_are(string type, string code, string expected)
    {
        var events = Stream([Chunk("""{"content":"x"}"""), Error(type, code), "[DONE]"]);
        Assert.Equal("response.failed", Types(events)[^1]);
        Same($$"""{"code":"{{expected}}","message":"it \"broke\""}""", events[^1]["response"]!["error"]);
        Same("[]", events[^1]["response"]!["output"]);
    }

    [Fact]
    public void The_end_of_an_open_call_is_not_told_since_clients_would_run_it()
    {
        var events = Stream([Chunk("""{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]}"""), Error("server_error", "null")]);
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.DoesNotContain("response.output_item.done", Types(events));
    }

    [Fact]
    public void A_failure_ahead_of_the_start_is_an_error_alone()
    {
        var events = Stream([Error("server_error", "\"upstream_timeout\""), Chunk("""{"content":"x"}"""), "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Same("""[{"type":"error","sequence_number":0,"code":"upstream_timeout","message":"it \"broke\"","param":null}]""", new JsonArray([.. events]));
    }

    [Fact]
    public void An_end_without_an_answer_is_an_error() => Assert.Equal(["error"], Types(Stream(["[DONE]"])));

    [Fact]
    public void A_finish_reason_that_tells_a_failure_fails_the_response()
    {
        var events = Stream([Chunk("""{"content":"x"}"""), Chunk("{}", "\"network_error\""), "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.Equal("response.failed", Types(events)[^1]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    public void An_error_of_nothing_is_none(string error)
    {
        var chunk = Chunk("""{"content":"x"}""")[..^1] + $",\"error\":{error}}}";
        Assert.Equal("response.completed", Types(Stream([chunk, "[DONE]"]))[^1]);
    }

    [Theory]
    [InlineData("max_tokens", "max_output_tokens")]
    [InlineData("max_completion_tokens", "max_output_tokens")]
    [InlineData("messages", "input")]
    [InlineData("messages[2].content[0]", "input")]
    [InlineData("response_format.json_schema", "text.format")]
    [InlineData("reasoning_effort", "reasoning.effort")]
    [InlineData("messages_of_mine", "messages_of_mine")]
    [InlineData("tools[0].name", "tools[0].name")]
    [InlineData(null, null)]
    public void An_error_is_about_the_member_that_the_caller_has_written(string? param, string? expected)
    {
        var written = new ArrayBufferWriter<byte>();
        ResponsesToChatTranslator.Translate(default).Answer.WriteError(new TranslatedError(400, "no", "invalid_request_error", param, "invalid_value", null), written);
        Assert.Equal(expected, JsonNode.Parse(written.WrittenSpan)!["error"]!["param"]?.GetValue<string>());

        var told = param is null ? "null" : $"\"{param}\"";
        var events = Stream([$$$"""{"error":{"message":"no","type":"invalid_request_error","param":{{{told}}},"code":"invalid_value"}}"""]);
        Assert.Equal(expected, Assert.Single(events)["param"]?.GetValue<string>());
    }
}

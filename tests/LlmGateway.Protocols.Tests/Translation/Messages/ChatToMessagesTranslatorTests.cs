using System.Buffers;
using System.Text;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Protocols.Tests.Translation.Messages;

public sealed class ChatToMessagesTranslatorTests
{
    [Fact]
    public void A_text_answer()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(new ChatToMessagesTranslator().TryWriteWhole(
            """{"id":"chatcmpl-C1","object":"chat.completion","created":1,"model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":"你好","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":7,"total_tokens":27,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":5},"completion_tokens_details":{"reasoning_tokens":3}},"service_tier":"default"}"""u8.ToArray(),
            output));
        Assert.Equal(
            """{"id":"msg_C1","type":"message","role":"assistant","model":"gpt-x","content":[{"type":"text","text":"你好"}],"stop_reason":"end_turn","stop_sequence":null,"stop_details":null,"container":null,"usage":{"input_tokens":7,"cache_creation_input_tokens":5,"cache_read_input_tokens":8,"output_tokens":7,"output_tokens_details":{"thinking_tokens":3},"service_tier":"standard"}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("{\"content\":null}", "[]")]
    [InlineData("{\"content\":\"\"}", "[]")]
    [InlineData("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}", "[{\"type\":\"text\",\"text\":\"ab\"}]")]
    [InlineData("{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"h\"}]},{\"type\":\"text\",\"text\":\"b\"}]}", "[{\"type\":\"thinking\",\"thinking\":\"h\",\"signature\":\"\"},{\"type\":\"text\",\"text\":\"b\"}]")]
    [InlineData("{\"content\":\"a\",\"reasoning_content\":\"h\"}", "[{\"type\":\"thinking\",\"thinking\":\"h\",\"signature\":\"\"},{\"type\":\"text\",\"text\":\"a\"}]")]
    [InlineData("{\"content\":\"a\",\"reasoning\":\"h\",\"reasoning_content\":\"h\"}", "[{\"type\":\"thinking\",\"thinking\":\"h\",\"signature\":\"\"},{\"type\":\"text\",\"text\":\"a\"}]")]
    [InlineData("{\"content\":\"a\",\"reasoning_content\":null,\"reasoning\":\"h\"}", "[{\"type\":\"thinking\",\"thinking\":\"h\",\"signature\":\"\"},{\"type\":\"text\",\"text\":\"a\"}]")]
    [InlineData("{\"content\":\"a\\ud83d\\n\"}", "[{\"type\":\"text\",\"text\":\"a\uFFFD\\n\"}]")]
    public void Content_of_any_shape(string message, string content) =>
        Assert.Equal(content, Answers.Whole($$"""{"choices":[{"message":{{message}},"finish_reason":"stop"}]}""")["content"]!.ToJsonString(Requests.Plain));

    [Theory]
    [InlineData("\"{\\\"a\\\":1}\"", "{\"a\":1}")]
    [InlineData("\"\"", "{}")]
    [InlineData("null", "{}")]
    [InlineData("\"null\"", "{}")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("\"{\\\"a\\\":\"", "{\"INVALID_JSON\":\"{\\\"a\\\":\"}")]
    [InlineData("\"[1]\"", "{\"INVALID_JSON\":\"[1]\"}")]
    [InlineData("\"not json\"", "{\"INVALID_JSON\":\"not json\"}")]
    public void Arguments_become_an_object(string arguments, string input)
    {
        var answer = Answers.Whole($$$"""{"choices":[{"message":{"content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"n","arguments":{{{arguments}}}}}]},"finish_reason":"tool_calls"}]}""");
        Assert.Equal($$"""[{"type":"tool_use","id":"call_1","name":"n","input":{{input}}}]""", answer["content"]!.ToJsonString(Requests.Plain));
        Assert.Equal("tool_use", answer["stop_reason"]!.GetValue<string>());
    }

    [Fact]
    public void Calls_without_ids_get_some()
    {
        var content = Answers.Whole("""{"id":"x.1","choices":[{"message":{"content":"t","tool_calls":[{"function":{"name":"a"}},{"id":"","function":{"name":"b","arguments":"{}"}}]}}]}""")["content"]!;
        Assert.Equal("toolu_x_1_1", content[1]!["id"]!.GetValue<string>());
        Assert.Equal("toolu_x_1_2", content[2]!["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("\"stop\"", "end_turn")]
    [InlineData("\"length\"", "max_tokens")]
    [InlineData("\"model_context_window_exceeded\"", "model_context_window_exceeded")]
    [InlineData("\"content_filter\"", "refusal")]
    [InlineData("\"tool_calls\"", "end_turn")]
    [InlineData("\"recitation\"", "end_turn")]
    [InlineData("null", "end_turn")]
    public void Reasons_to_end(string finish, string reason) =>
        Assert.Equal(reason, Answers.Whole($$"""{"choices":[{"message":{"content":"a"},"finish_reason":{{finish}}}]}""")["stop_reason"]!.GetValue<string>());

    [Fact]
    public void Calls_end_an_answer_whatever_the_provider_says() => Assert.Equal("tool_use", Answers.Whole(
        """{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"n","arguments":"{}"}}]},"finish_reason":"stop"}]}""")["stop_reason"]!.GetValue<string>());

    [Fact]
    public void A_refusal_is_told_as_text_and_reason()
    {
        var answer = Answers.Whole("""{"choices":[{"message":{"content":null,"refusal":"I will not."},"finish_reason":"stop"}]}""");
        Assert.Equal("I will not.", answer["content"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("refusal", answer["stop_reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("stop_reason", "END", "stop_sequence", "END")]
    [InlineData("matched_stop", "END", "stop_sequence", "END")]
    [InlineData("stop_reason", "<eos>", "end_turn", null)]
    public void A_stop_sequence_is_named_where_the_provider_tells_and_the_caller_asked(string member, string told, string reason, string? sequence)
    {
        var answer = Answers.Whole($$"""{"choices":[{"message":{"content":"a"},"finish_reason":"stop","{{member}}":"{{told}}"}]}""", Answers.TranslatorWith("END"));
        Assert.Equal(reason, answer["stop_reason"]!.GetValue<string>());
        Assert.Equal(sequence, answer["stop_sequence"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"choices\":[{\"message\":\"x\"}]}")]
    [InlineData("{\"error\":{\"message\":\"x\"}}")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"half\"},\"finish_reason\":\"error\"}]}")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"half\"},\"finish_reason\":\"insufficient_system_resource\"}]}")]
    public void What_is_no_answer_is_not_written(string completion)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(new ChatToMessagesTranslator().TryWriteWhole(Encoding.UTF8.GetBytes(completion), output));
        Assert.Equal(0, output.WrittenCount);
    }

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(402, "billing_error")]
    [InlineData(403, "permission_error")]
    [InlineData(404, "not_found_error")]
    [InlineData(408, "timeout_error")]
    [InlineData(409, "conflict_error")]
    [InlineData(413, "request_too_large")]
    [InlineData(415, "invalid_request_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "api_error")]
    [InlineData(502, "api_error")]
    [InlineData(503, "overloaded_error")]
    [InlineData(504, "timeout_error")]
    [InlineData(529, "overloaded_error")]
    public void An_error_has_a_type_of_anthropic(int status, string type)
    {
        var output = new ArrayBufferWriter<byte>();
        new ChatToMessagesTranslator().WriteError(new TranslatedError(status, "预算 \"x\"", "insufficient_quota", "p", "c", "req_1"), output);
        Assert.Equal($$"""{"type":"error","error":{"type":"{{type}}","message":"预算 \"x\""},"request_id":"req_1"}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }
}

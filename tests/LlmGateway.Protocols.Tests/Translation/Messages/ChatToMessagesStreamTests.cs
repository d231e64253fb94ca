namespace LlmGateway.Protocols.Tests.Translation.Messages;

public sealed class ChatToMessagesStreamTests
{
    private const string Start =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_C1","type":"message","role":"assistant","model":"gpt-x","content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"container":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0,"service_tier":null}}}


        """;

    private const string Usage =
        """{"id":"chatcmpl-C1","model":"gpt-x","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":2}}}""";

    [Fact]
    public void A_text_answer_event_by_event() => Assert.Equal(
        Start +
        """
        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"你"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\n好"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null,"stop_details":null,"container":null},"usage":{"input_tokens":7,"cache_creation_input_tokens":0,"cache_read_input_tokens":2,"output_tokens":4}}

        event: message_stop
        data: {"type":"message_stop"}


        """,
        Answers.Stream([
            Answers.Chunk("""{"role":"assistant","content":"","refusal":null}"""),
            Answers.Chunk("""{"content":"你"}"""),
            Answers.Chunk("""{"content":"\n好"}"""),
            Answers.Chunk("{}", "\"stop\""),
            Usage,
            "[DONE]",
        ]));

    [Fact]
    public void The_message_starts_with_the_first_choice()
    {
        Assert.Equal("", Answers.Stream(["""{"choices":[],"id":"","model":"","prompt_filter_results":[]}"""]));
        Assert.Equal(Start, Answers.Stream(["""{"choices":[],"id":"","model":""}""", Answers.Chunk("{}")]));
    }

    [Fact]
    public void Each_switch_of_kind_closes_a_block() => Assert.Equal(
        ["message_start", "start thinking", "thinking_delta", "signature_delta", "stop", "start text", "text_delta", "stop", "start tool_use", "input_json_delta", "input_json_delta", "stop", "message_delta tool_use", "message_stop"],
        Names([
            Answers.Chunk("""{"reasoning_content":"hm"}"""),
            Answers.Chunk("""{"content":"ok"}"""),
            Answers.Chunk("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"n","arguments":""}}]}"""),
            Answers.Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}"""),
            Answers.Chunk("""{"tool_calls":[{"index":0,"id":"","function":{"name":null,"arguments":":1}"}}]}"""),
            Answers.Chunk("{}", "\"tool_calls\""),
            "[DONE]",
        ]));

    [Fact]
    public void Fragments_of_parallel_calls_wait_for_their_turn()
    {
        var message = MessagesEvents.Read(Answers.Stream([
            Call(0, "a", "first", ""),
            Call(1, "b", "second", "{\\\"x\\\":"),
            Call(0, null, null, "{\\\"y\\\":\\\"}\\\\\\\"\\\"}"),
            Call(1, null, null, "2}"),
            Call(2, "c", "third", "{}"),
            "[DONE]",
        ]));
        Assert.Equal(["a first {\"y\":\"}\\\"\"}", "b second {\"x\":2}", "c third {}"], message.Tools);
        Assert.Equal("tool_use", message.StopReason);
    }

    [Fact]
    public void A_call_whose_arguments_are_whole_makes_room_at_once()
    {
        var names = Names([Call(0, "a", "n", "{}"), Call(1, "b", "n", "{\\\"x\\\"")]);
        Assert.Equal(["message_start", "start tool_use", "input_json_delta", "stop", "start tool_use", "input_json_delta"], names);
    }

    [Fact]
    public void A_brace_inside_a_string_does_not_end_a_call() => Assert.Equal(
        ["a n {\"s\":\"\\\"}\"}", "b n {}"],
        MessagesEvents.Read(Answers.Stream([
            Call(0, "a", "n", "{\\\"s\\\":\\\"\\\\\\\"}"),
            Call(1, "b", "n", "{}"),
            Call(0, null, null, "\\\"}"),
            "[DONE]",
        ])).Tools);

    [Fact]
    public void A_call_starts_when_its_name_is_known() => Assert.Equal(
        ["a n {}"],
        MessagesEvents.Read(Answers.Stream([Call(0, "a", null, ""), Call(0, "a", "n", "{}"), "[DONE]"])).Tools);

    [Fact]
    public void Ids_are_made_from_the_first_that_the_answer_has() => Assert.Equal(
        ["toolu_A_0 n {}"],
        MessagesEvents.Read(Answers.Stream([
            Answers.Chunk("{}").Replace("chatcmpl-C1", "chatcmpl-A", StringComparison.Ordinal),
            Answers.Chunk("""{"tool_calls":[{"index":0,"function":{"name":"n","arguments":"{}"}}]}"""),
            "[DONE]",
        ])).Tools);

    [Fact]
    public void Text_between_fragments_of_a_call_waits() => Assert.Equal(
        ["message_start", "start tool_use", "input_json_delta", "input_json_delta", "stop", "start text", "text_delta", "stop", "message_delta tool_use", "message_stop"],
        Names([Call(0, "a", "n", "{\\\"x\\\""), Answers.Chunk("""{"content":"t"}"""), Call(0, null, null, ":1}"), "[DONE]"]));

    [Fact]
    public void Calls_that_all_have_the_index_0_are_told_apart_by_id() => Assert.Equal(
        ["a n {\"x\":1}", "b n {\"x\":2}"],
        MessagesEvents.Read(Answers.Stream([Call(0, "a", "n", "{\\\"x\\\":1}"), Call(0, "b", "n", "{\\\"x\\\":2}"), "[DONE]"])).Tools);

    [Fact]
    public void Calls_without_an_index_are_told_apart_by_id() => Assert.Equal(
        ["a n {\"x\":1}", "b n {\"x\":2}"],
        MessagesEvents.Read(Answers.Stream([
            Answers.Chunk("""{"tool_calls":[{"id":"a","function":{"name":"n","arguments":"{\"x\":"}}]}"""),
            Answers.Chunk("""{"tool_calls":[{"function":{"arguments":"1}"}}]}"""),
            Answers.Chunk("""{"tool_calls":[{"id":"b","function":{"name":"n","arguments":"{\"x\":2}"}}]}"""),
            "[DONE]",
        ])).Tools);

    [Fact]
    public void Arguments_that_are_an_object_and_calls_that_are_no_array() => Assert.Equal(
        ["a n {\"x\": 1}"],
        MessagesEvents.Read(Answers.Stream([Answers.Chunk("""{"tool_calls":{"id":"a","function":{"name":"n","arguments":{"x": 1}}}}"""), "[DONE]"])).Tools);

    [Fact]
    public void Arguments_that_are_cut_are_given_as_they_came()
    {
        var message = MessagesEvents.Read(Answers.Stream([Call(0, "a", "n", "{\\\"x\\\""), Answers.Chunk("{}", "\"length\""), "[DONE]"]));
        Assert.Equal(["a n {\"x\""], message.Tools);
        Assert.Equal("max_tokens", message.StopReason);
    }

    [Fact]
    public void A_refusal_is_text_and_a_reason()
    {
        var message = MessagesEvents.Read(Answers.Stream([Answers.Chunk("""{"refusal":"no"}"""), Answers.Chunk("{}", "\"stop\""), "[DONE]"]));
        Assert.Equal(("no", "refusal"), (message.Text, message.StopReason));
    }

    [Fact]
    public void Other_choices_are_not_heard() => Assert.Equal(
        "a",
        MessagesEvents.Read(Answers.Stream([
            Answers.Chunk("""{"content":"a"}"""),
            """{"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":"length"}]}""",
            "[DONE]",
        ])).Text);

    [Fact]
    public void Usage_that_nobody_told_is_null() =>
        Assert.Equal("""{"input_tokens":null,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":0}""", MessagesEvents.Read(Answers.Stream([Answers.Chunk("{}"), "[DONE]"])).Usage);

    [Theory]
    [InlineData("{\"message\":\"too much\",\"type\":\"tokens\",\"param\":null,\"code\":\"rate_limit_exceeded\"}", "rate_limit_error", "too much")]
    [InlineData("{\"message\":\"no money\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}", "rate_limit_error", "no money")]
    [InlineData("{\"message\":\"m\",\"type\":\"server_error\",\"code\":\"overloaded\"}", "overloaded_error", "m")]
    [InlineData("{\"message\":\"m\",\"type\":\"server_error\",\"code\":\"deadline_exceeded\"}", "timeout_error", "m")]
    [InlineData("{\"message\":\"m\",\"type\":\"server_error\",\"code\":null}", "api_error", "m")]
    [InlineData("{\"message\":\"m\",\"type\":\"invalid_request_error\"}", "invalid_request_error", "m")]
    [InlineData("\"plain\"", "api_error", "plain")]
    public void An_error_ends_the_stream(string error, string type, string message)
    {
        var stream = Answers.Stream([Answers.Chunk("""{"content":"a"}"""), $$"""{"error":{{error}},"choices":null}""", Answers.Chunk("""{"content":"b"}"""), "[DONE]"]);
        Assert.EndsWith($$"""
            event: error
            data: {"type":"error","error":{"type":"{{type}}","message":"{{message}}"},"request_id":null}


            """, stream);
        Assert.Equal("a", MessagesEvents.Read(stream).Text);
    }

    [Theory]
    [InlineData("{\"choices\":")]
    [InlineData("[1]")]
    [InlineData("5")]
    public void What_is_no_chunk_ends_the_stream_with_an_error(string data) =>
        Assert.Equal("api_error", MessagesEvents.Read(Answers.Stream([Answers.Chunk("""{"content":"a"}"""), data, "[DONE]"])).Error);

    [Fact]
    public void An_answer_that_its_provider_broke_off_is_no_success() => Assert.Equal(
        "overloaded_error",
        MessagesEvents.Read(Answers.Stream([Answers.Chunk("""{"content":"a"}"""), Answers.Chunk("{}", "\"insufficient_system_resource\""), "[DONE]"])).Error);

    [Fact]
    public void Behind_the_end_there_is_nothing()
    {
        var whole = Answers.Stream([Answers.Chunk("{}"), "[DONE]"]);
        Assert.Equal(whole, Answers.Stream([Answers.Chunk("{}"), "[DONE]", "[DONE]", Answers.Chunk("""{"content":"a"}"""), """{"error":{"message":"x"}}"""]));
    }

    [Fact]
    public void An_empty_event_says_nothing() => Assert.Equal("", Answers.Stream(["", " "]));

    [Fact]
    public void Bytes_that_are_not_utf8_are_replaced()
    {
        var data = System.Text.Encoding.UTF8.GetBytes(Answers.Chunk("""{"content":"a?b"}"""));
        data[Array.IndexOf(data, (byte)'?')] = 0xFF;
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new LlmGateway.Protocols.Translation.ChatToMessagesTranslator().WriteEvent(data, output);
        Assert.Equal("a\uFFFDb", MessagesEvents.Read(System.Text.Encoding.UTF8.GetString(output.WrittenSpan)).Text);
    }

    private static IReadOnlyList<string> Names(IEnumerable<string> events) => MessagesEvents.Read(Answers.Stream(events)).Names;

    private static string Call(int index, string? id, string? name, string arguments)
    {
        var head = id is null ? "" : $"\"id\":\"{id}\",\"type\":\"function\",";
        var named = name is null ? "" : $"\"name\":\"{name}\",";
        return Answers.Chunk($$$"""{"tool_calls":[{"index":{{{index}}},{{{head}}}"function":{{{{named}}}"arguments":"{{{arguments}}}"}}]}""");
    }
}

using System.Buffers;
using System.Text;
using static LlmGateway.Protocols.Tests.Translation.ResponsesDriver;

namespace LlmGateway.Protocols.Tests.Translation;

public sealed class ResponsesWholeTests
{
    [Fact]
    public void An_answer_is_a_response_with_all_that_types_of_sdks_ask_for() => Same(
        """
        {"id":"resp_7","object":"response","created_at":1795000000,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-x",
         "output":[{"type":"message","id":"msg_7_0","status":"completed","role":"assistant","content":[{"type":"output_text","text":"hello","annotations":[],"logprobs":[]}]}],
         "previous_response_id":null,"store":false,"truncation":"disabled","background":false,"instructions":null,"max_output_tokens":null,"metadata":{},
         "parallel_tool_calls":true,"reasoning":{"effort":null,"summary":null},"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,
         "usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":2,"cache_write_tokens":0},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":13}}
        """,
        Whole(Completion("""{"role":"assistant","content":"hello","refusal":null}""")));

    [Fact]
    public void What_the_request_said_is_repeated()
    {
        const string said = """
            "instructions":"be\nbrief","tools":[{"type":"function","name":"f","parameters":{"type":"object","a" : [1, 2]},"strict":true}],"tool_choice":{"type":"function","name":"f"},
            "temperature":0.5,"top_p":0.9,"metadata":{"a":"b"},"parallel_tool_calls":false,"max_output_tokens":9,"reasoning":{"effort":"low"},"top_logprobs":2,"user":"u"
            """;
        var response = Whole(Completion("""{"content":"x"}"""), $$"""{"model":"m","input":"hi",{{said}}}""");
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse($"{{{said}}}")!.AsObject())
            Same(value!.ToJsonString(), response[name]);
        Same("""{"format":{"type":"text"},"verbosity":"low"}""", Whole(Completion("{}"), """{"model":"m","input":"hi","text":{"verbosity":"low"}}""")["text"]);
        Same("\"disabled\"", Whole(Completion("{}"), """{"model":"m","input":"hi","truncation":"auto"}""")["truncation"]);
    }

    [Fact]
    public void Thoughts_text_refusal_and_calls_are_items_in_that_order()
    {
        const string message = """{"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"custom","custom":{"name":"g","input":"x"}}],"refusal":"no","content":"text","reasoning_content":"hm"}""";
        Same(
            """
            [{"type":"reasoning","id":"rs_7_0","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]},
             {"type":"message","id":"msg_7_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"text","annotations":[],"logprobs":[]},{"type":"refusal","refusal":"no"}]},
             {"type":"function_call","id":"fc_7_2","status":"completed","call_id":"c1","name":"f","arguments":"{}"},
             {"type":"custom_tool_call","id":"ctc_7_3","status":"completed","call_id":"c2","name":"g","input":"x"}]
            """,
            Whole(Completion(message))["output"]);
    }

    [Fact]
    public void Who_asked_for_a_summary_gets_the_thoughts_as_one() => Same(
        """{"type":"reasoning","id":"rs_7_0","status":"completed","summary":[{"type":"summary_text","text":"hm"}]}""",
        Whole(Completion("""{"content":"x","reasoning":"hm"}"""), """{"model":"m","input":"hi","reasoning":{"summary":"auto"}}""")["output"]![0]);

    [Theory]
    [InlineData("length", "max_output_tokens")]
    [InlineData("content_filter", "content_filter")]
    public void An_answer_that_was_cut_is_incomplete(string finish, string reason)
    {
        var response = Whole(Completion("""{"content":"x","reasoning_content":"y"}""", $"\"{finish}\""));
        Same($$"""{"reason":"{{reason}}"}""", response["incomplete_details"]);
        Same("\"incomplete\"", response["status"]);
        Same("\"completed\"", response["output"]![0]!["status"]);
        Same("\"incomplete\"", response["output"]![1]!["status"]);
    }

    [Fact]
    public void An_answer_that_the_provider_broke_off_has_failed()
    {
        var response = Whole(Completion("""{"content":"x"}""", "\"insufficient_system_resource\""));
        Same("\"failed\"", response["status"]);
        Same("\"server_error\"", response["error"]!["code"]);
    }

    [Fact]
    public void Logprobs_stand_at_the_text()
    {
        const string logprobs = """[{"token":"x","logprob":-0.1,"bytes":[120],"top_logprobs":[{"token":"y","logprob":-2,"bytes":[121]}]}]""";
        var text = WholeText(Completion("""{"content":"x"}""", more: $",\"logprobs\":{{\"content\":{logprobs.Replace(",", " ,\n ", StringComparison.Ordinal)}}}"));
        Assert.Contains("\"logprobs\":" + logprobs, text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_answer_is_still_a_message() => Same(
        """[{"type":"output_text","text":"","annotations":[],"logprobs":[]}]""", Whole(Completion("""{"content":""}"""))["output"]![0]!["content"]);

    [Fact]
    public void Parts_of_mistral_are_told_apart()
    {
        var output = Whole(Completion("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]},{"type":"text","text":"b"}]}"""))["output"]!;
        Same("\"a\"", output[0]!["content"]![0]!["text"]);
        Same("\"b\"", output[1]!["content"]![0]!["text"]);
    }

    [Fact]
    public void Chinese_and_emoji_stay_readable()
    {
        var text = WholeText(Completion("""{"content":"\u4f60好😀\ud83d\u0001\"\\"}"""));
        Assert.Contains("\"你好😀\uFFFD\\u0001\\\"\\\\\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_become_one()
    {
        var bytes = Encoding.Latin1.GetBytes("{\"choices\":[{\"message\":{\"content\":\"\u00ff\"}}]}");
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Translate(Plain).Answer.TryWriteWhole(bytes, output));
        Assert.Contains("\"text\":\"\uFFFD\"", new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_are_of_letters_that_an_id_may_have_and_not_too_long()
    {
        var response = Whole("{\"id\":\"gen/1 \\n" + new string('x', 500) + "\",\"choices\":[{\"message\":{\"content\":\"x\"}}]}");
        Assert.Matches("^resp_gen1x{60}$", (string)response["id"]!);
    }

    [Fact]
    public void Without_usage_model_or_id_there_is_still_a_response()
    {
        var response = Whole("""{"choices":[{"message":{"content":"x"}}]}""");
        Assert.Null(response["usage"]);
        Same("\"m\"", response["model"]);
        Assert.Matches("^resp_[0-9a-f]{32}$", (string)response["id"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"choices\":[{\"index\":0}]}")]
    [InlineData("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"}}],\"error\":{\"message\":\"m\"}}")]
    [InlineData("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"")]
    public void What_is_no_completion_is_not_written(string completion)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(Translate(Plain).Answer.TryWriteWhole(Encoding.UTF8.GetBytes(completion), output));
        Assert.Equal(0, output.WrittenCount);
    }
}

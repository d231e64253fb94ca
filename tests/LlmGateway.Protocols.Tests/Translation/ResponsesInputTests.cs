using LlmGateway.Protocols.Translation;
using static LlmGateway.Protocols.Tests.Translation.ResponsesDriver;

namespace LlmGateway.Protocols.Tests.Translation;

public sealed class ResponsesInputTests
{
    private static void Messages(string input, string expected) => Same(expected, Chat($$"""{"model":"m","input":{{input}}}""")["messages"]);

    [Fact]
    public void A_text_is_what_the_user_says_and_instructions_lead() => Same(
        """{"model":"m","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"}]}""",
        Chat("""{"input":"hi","instructions":"be brief","model":"m"}"""));

    [Fact]
    public void No_store_goes_to_the_chat_request_since_the_cache_leaves_such_requests_aside()
    {
        Assert.False(Chat(Plain).ContainsKey("store"));
        Assert.False(ChatWith("\"store\":true").ContainsKey("store"));
        Assert.Equal(["store"], Translate("""{"model":"m","input":"hi","store":true}""").Dropped);
        Assert.Empty(Translate("""{"model":"m","input":"hi","store":false}""").Dropped);
    }

    [Theory]
    [InlineData("user", "user")]
    [InlineData("system", "system")]
    [InlineData("developer", "system")]
    [InlineData("assistant", "assistant")]
    public void Messages_keep_their_role_but_for_developers(string role, string expected)
    {
        Messages($$"""[{"role":"{{role}}","content":"x"}]""", $$"""[{"role":"{{expected}}","content":"x"}]""");
        Messages($$"""[{"type":"message","role":"{{role}}","content":[{"type":"input_text","text":"x"}]}]""", $$"""[{"role":"{{expected}}","content":"x"}]""");
    }

    [Fact]
    public void Several_texts_stay_parts() => Messages(
        """[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_text","text":"b"}]},{"role":"assistant","content":[{"type":"output_text","text":"c","annotations":[]},{"type":"output_text","text":"d"}]}]""",
        """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}]}]""");

    [Fact]
    public void A_mark_for_the_providers_cache_stays_on_its_part() => Messages(
        """[{"role":"user","content":[{"type":"input_text","text":"a","prompt_cache_breakpoint":{"mode":"explicit"}}]}]""",
        """[{"role":"user","content":[{"type":"text","text":"a","prompt_cache_breakpoint":{"mode":"explicit"}}]}]""");

    [Fact]
    public void Images_files_and_audio_are_nested() => Messages(
        """[{"role":"user","content":[{"type":"input_image","image_url":"https://x/y.png","detail":"low"},{"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"original"},{"type":"input_file","file_data":"data:;base64,AA==","filename":"a.pdf"},{"type":"input_file","file_id":"file_1"},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]""",
        """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"high"}},{"type":"file","file":{"file_data":"data:;base64,AA==","filename":"a.pdf"}},{"type":"file","file":{"file_id":"file_1"}},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]""");

    [Fact]
    public void A_refusal_is_what_the_assistant_said() => Messages(
        """[{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"no"}]}]""",
        """[{"role":"assistant","content":"no"}]""");

    [Fact]
    public void Thoughts_text_and_calls_of_one_turn_become_one_message() => Messages(
        """[{"role":"user","content":"q"},{"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"I \"think\""}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"wait"}]},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"custom_tool_call","call_id":"c2","name":"g","input":"x"},{"type":"function_call_output","call_id":"c1","output":"1"},{"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"2"}]}]""",
        """[{"role":"user","content":"q"},{"role":"assistant","content":"wait","reasoning_content":"I \"think\"","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"custom","custom":{"name":"g","input":"x"}}]},{"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":"2"}]""");

    [Fact]
    public void Nothing_comes_between_calls_and_what_their_tools_gave() => Messages(
        """[{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"function_call","call_id":"c2","name":"f","arguments":""},{"role":"assistant","content":"said"},{"type":"function_call_output","call_id":"c1","output":""},{"type":"function_call_output","call_id":"c2","output":[]}]""",
        """[{"role":"assistant","content":"said","reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"f","arguments":""}}]},{"role":"tool","tool_call_id":"c1","content":""},{"role":"tool","tool_call_id":"c2","content":""}]""");

    [Fact]
    public void What_is_said_and_thought_behind_a_call_stays_in_its_turn() => Messages(
        """[{"role":"assistant","content":"a"},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"role":"assistant","content":"b"},{"type":"function_call_output","call_id":"c1","output":"1"}]""",
        """[{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"1"}]""");

    [Fact]
    public void Messages_without_calls_stay_apart_and_calls_alone_have_no_content() => Messages(
        """[{"role":"assistant","content":"a"},{"role":"assistant","content":"b"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]""",
        """[{"role":"assistant","content":"a"},{"role":"assistant","content":"b","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}]""");

    [Fact]
    public void Thoughts_are_joined_and_those_that_cannot_be_read_or_led_to_nothing_are_left_out() => Messages(
        """[{"type":"reasoning","id":"r","summary":[],"encrypted_content":"AAAA"},{"type":"reasoning","summary":[{"type":"summary_text","text":"one"},{"type":"summary_text","text":"two"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"x"},{"type":"reasoning","summary":[{"type":"summary_text","text":"lost"}]},{"role":"user","content":"q"}]""",
        """[{"role":"assistant","content":null,"reasoning_content":"one\n\ntwo","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"x"},{"role":"user","content":"q"}]""");

    [Fact]
    public void What_came_back_can_be_sent_again_as_it_is()
    {
        const string message = """{"role":"assistant","content":"let me see","reasoning_content":"thought","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}""";
        var output = Whole(Completion(message, "\"tool_calls\""))["output"]!;
        Messages(output.ToJsonString(), $"[{message}]");
    }

    [Fact]
    public void Chinese_and_emoji_stay_readable_and_half_pairs_are_replaced()
    {
        const string input = "\\u4f60好😀\\ud83d\\n";
        var body = System.Text.Encoding.UTF8.GetString(Translate($$"""{"model":"m","input":"{{input}}"}""").Body.Span);
        Assert.Contains("\"你好😀\uFFFD\\n\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_still_has_someone_to_write_it()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Translate("[").Answer.WriteError(new TranslatedError(400, "m", "invalid_request_error", "p", "c", "req"), output);
        Same("""{"error":{"message":"m","type":"invalid_request_error","param":"p","code":"c"}}""", System.Text.Json.Nodes.JsonNode.Parse(output.WrittenSpan));
    }
}

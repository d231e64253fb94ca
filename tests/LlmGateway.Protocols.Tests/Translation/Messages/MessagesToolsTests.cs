namespace LlmGateway.Protocols.Tests.Translation.Messages;

public sealed class MessagesToolsTests
{
    private const string Weather = """{"name":"weather","description":"d","input_schema":{"type":"object","properties":{"city":{"type":"string"}}},"cache_control":{"type":"ephemeral"}}""";

    [Fact]
    public void A_tool_is_a_function() => Assert.Equal(
        """[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"function","function":{"name":"b","parameters":{},"strict":true}}]""",
        Requests.Member($$"""
            "tools":[{{Weather}},{"type":"custom","name":"b","input_schema":{},"strict":true,"eager_input_streaming":true}]
            """, "tools"));

    [Fact]
    public void Hints_of_a_tool_are_listed() => Assert.Equal(
        ["tools[].cache_control", "tools[].defer_loading"],
        Requests.Dropped($$"""
            "tools":[{{Weather}},{"name":"b","input_schema":{},"defer_loading":true}]
            """));

    [Theory]
    [InlineData("{\"type\":\"auto\"}", "\"auto\"", null)]
    [InlineData("{\"type\":\"any\"}", "\"required\"", null)]
    [InlineData("{\"type\":\"none\"}", "\"none\"", null)]
    [InlineData("{\"type\":\"tool\",\"name\":\"weather\"}", "{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}", null)]
    [InlineData("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}", "\"auto\"", "false")]
    [InlineData("{\"type\":\"any\",\"disable_parallel_tool_use\":false}", "\"required\"", null)]
    public void A_choice_becomes_its_like(string choice, string expected, string? parallel)
    {
        var member = $"\"tools\":[{Weather}],\"tool_choice\":{choice}";
        Assert.Equal(expected, Requests.Member(member, "tool_choice"));
        Assert.Equal(parallel, Requests.Member(member, "parallel_tool_calls"));
    }

    [Fact]
    public void Without_tools_there_is_nothing_to_choose()
    {
        Assert.Null(Requests.Member("\"tools\":[],\"tool_choice\":{\"type\":\"auto\"}", "tools"));
        Assert.Null(Requests.Member("\"tools\":[],\"tool_choice\":{\"type\":\"auto\"}", "tool_choice"));
        Assert.Equal("tool_choice", Requests.Fault(Requests.With("\"tool_choice\":{\"type\":\"any\"}")).Param);
    }

    [Fact]
    public void Calls_come_with_their_arguments_as_text_in_the_order_of_the_caller() => Assert.Equal(
        """[{"role":"assistant","content":"let me see","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"weather","arguments":"{\"b\":[1.50,\"北京\"],\"a\":null}"}}]}]""",
        Requests.Messages("""
            [{"role":"assistant","content":[{"type":"text","text":"let me see"},{"type":"tool_use","id":"toolu_1","name":"weather","caller":{"type":"direct"},"input": { "b" : [1.50, "\u5317京"], "a":null }}]}]
            """));

    [Fact]
    public void Calls_alone_have_no_content() => Assert.StartsWith(
        """[{"role":"assistant","content":null,"tool_calls":[""",
        Requests.Messages("""[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":{}}]}]"""));

    [Fact]
    public void Results_come_first_in_the_order_of_the_calls_then_what_else_the_user_says() => Assert.Equal(
        """[{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"Error: no\n\nway"},{"role":"tool","tool_call_id":"x","content":""},{"role":"user","content":"before\n\nafter"}]""",
        Requests.Messages("""
            [{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"n","input":{}},{"type":"tool_use","id":"b","name":"n","input":{}}]},
             {"role":"user","content":[
               {"type":"text","text":"before"},
               {"type":"tool_result","tool_use_id":"x"},
               {"type":"tool_result","tool_use_id":"b","is_error":true,"content":[{"type":"text","text":"no"},{"type":"text","text":"way"}]},
               {"type":"tool_result","tool_use_id":"a","content":"1","is_error":false},
               {"type":"text","text":"after"}]}]
            """)["""[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"n","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"n","arguments":"{}"}}]},""".Length..].Insert(0, "["));

    [Fact]
    public void Images_of_results_move_into_the_message_of_the_user() => Assert.Equal(
        """[{"role":"tool","tool_call_id":"a","content":"The result follows in the next user message."},{"role":"tool","tool_call_id":"b","content":"seen"},{"role":"user","content":[{"type":"text","text":"From the result of the tool call a:"},{"type":"image_url","image_url":{"url":"https://a"}},{"type":"text","text":"From the result of the tool call b:"},{"type":"image_url","image_url":{"url":"https://b"}},{"type":"text","text":"go on"}]}]""",
        Requests.Messages("""
            [{"role":"user","content":[
               {"type":"tool_result","tool_use_id":"a","content":[{"type":"image","source":{"type":"url","url":"https://a"}}]},
               {"type":"tool_result","tool_use_id":"b","content":[{"type":"image","source":{"type":"url","url":"https://b"}},{"type":"text","text":"seen"}]},
               {"type":"text","text":"go on"}]}]
            """));

    [Theory]
    [InlineData("call_1")]
    [InlineData("functions.weather:0")]
    [InlineData("工具/1")]
    [InlineData("toolu_x_")]
    [InlineData("toolu_x_Zg")]
    public void An_id_comes_back_to_its_provider_as_it_was(string id)
    {
        var wire = Answers.Whole($$$"""{"choices":[{"message":{"tool_calls":[{"id":"{{{id}}}","function":{"name":"n","arguments":"{}"}}]}}]}""")["content"]![0]!["id"]!.GetValue<string>();
        Assert.Matches("^[a-zA-Z0-9_-]+$", wire);
        Assert.Contains(
            $"\"tool_call_id\":\"{id}\"",
            Requests.Messages($$"""[{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{wire}}"}]}]"""),
            StringComparison.Ordinal);
    }
}

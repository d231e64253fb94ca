using System.Text.Json.Nodes;
using static LlmGateway.Protocols.Tests.Translation.ResponsesDriver;

namespace LlmGateway.Protocols.Tests.Translation;

public sealed class ResponsesStreamTests
{
    private const string Usage = """{"id":"chatcmpl-7","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}""";

    private static string Call(int index, string? id, string? name, string arguments)
    {
        var called = new JsonObject { ["arguments"] = arguments };
        if (name is not null)
            called["name"] = name;
        var call = new JsonObject { ["index"] = index, ["function"] = called };
        if (id is not null)
            call["id"] = id;
        return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(call) }.ToJsonString());
    }

    [Fact]
    public void Text_is_told_in_the_order_that_openai_tells_it()
    {
        var events = Stream([Chunk("""{"role":"assistant","content":""}"""), Chunk("""{"content":"Hel"}"""), Chunk("""{"content":"lo"}"""), Chunk("{}", "\"stop\""), Usage, "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
                "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            Types(events));
        Same("""{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_7_0","output_index":0,"content_index":0,"delta":"Hel","logprobs":[]}""", events[4]);
        Same("13", events[^1]["response"]!["usage"]!["total_tokens"]);
        Assert.Null(events[0]["response"]!["usage"]);
    }

    [Fact]
    public void Thoughts_come_as_their_text_or_as_the_summary_that_was_asked_for()
    {
        string[] chunks = [Chunk("""{"reasoning_content":"hm"}"""), Chunk("""{"content":"x"}"""), Chunk("{}", "\"stop\""), "[DONE]"];
        var events = Stream(chunks);
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.Equal(
            ["response.output_item.added", "response.content_part.added", "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done", "response.output_item.done", "response.output_item.added"],
            Types(events)[2..9]);
        events = Stream(chunks, """{"model":"m","input":"hi","reasoning":{"summary":"auto"}}""");
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.Equal(
            ["response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done"],
            Types(events)[2..8]);
    }

    [Fact]
    public void Calls_one_after_another_are_told_as_they_come()
    {
        string[] chunks = [Call(0, "c1", "f", ""), Call(0, null, null, "{\"a\":"), Call(0, null, null, "1}"), Call(1, "c2", "g", ""), Call(1, null, null, "{"), Call(1, null, null, "}"), Chunk("{}", "\"tool_calls\""), "[DONE]"];
        var events = Stream(chunks);
        Assert.True(ResponsesEventChecker.Check(events));
        Same("""[{"type":"function_call","id":"fc_7_0","status":"completed","call_id":"c1","name":"f","arguments":"{\"a\":1}"},{"type":"function_call","id":"fc_7_1","status":"completed","call_id":"c2","name":"g","arguments":"{}"}]""", events[^1]["response"]!["output"]);

        // The second is told while it comes, not at the end.
        Assert.Contains("\"delta\":\"{\"", StreamText(chunks[..5])[StreamText(chunks[..4]).Length..], StringComparison.Ordinal);
    }

    [Fact]
    public void Pieces_of_calls_that_alternate_are_put_in_order()
    {
        var events = Stream([Call(0, "c1", "f", "{\"a\""), Call(1, "c2", "g", "{\"b\""), Call(0, null, null, ":1}"), Chunk("""{"content":"between"}"""), Call(1, null, null, ":2}"), Chunk("{}", "\"tool_calls\""), "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        var output = events[^1]["response"]!["output"]!.AsArray();
        Assert.Equal(["{\"a\":1}", "{\"b\":2}", null], output.Select(item => (string?)item!["arguments"]));
        Same("\"between\"", output[2]!["content"]![0]!["text"]);
    }

    [Fact]
    public void What_was_held_back_is_told_before_what_came_later()
    {
        string[] chunks = [Call(0, "c1", "f", "{"), Chunk("""{"content":"a"}"""), Call(0, null, null, "}"), Chunk("""{"content":"b"}"""), Chunk("""{"reasoning_content":"c"}"""), "[DONE]"];
        var events = Stream(chunks);
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.Equal(["ab", "c"], events[^1]["response"]!["output"]!.AsArray().Skip(1).Select(item => (string)item!["content"]![0]!["text"]!));
    }

    [Fact]
    public void A_custom_call_has_events_of_its_own()
    {
        var events = Stream([Chunk("""{"tool_calls":[{"index":0,"id":"c","type":"custom","custom":{"name":"g","input":"a"}}]}"""), Chunk("""{"tool_calls":[{"index":0,"custom":{"input":"b"}}]}"""), Chunk("{}", "\"tool_calls\""), "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.Equal(["response.output_item.added", "response.custom_tool_call_input.delta", "response.custom_tool_call_input.delta", "response.custom_tool_call_input.done", "response.output_item.done"], Types(events)[2..7]);
        Same("\"ab\"", events[^1]["response"]!["output"]![0]!["input"]);
    }

    [Theory]
    [InlineData("""{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}""")]
    [InlineData("""{"tool_calls":{"function":{"name":"f","arguments":{ }}}}""")]
    [InlineData("""{"function_call":{"name":"f","arguments":"{}"}}""")]
    public void A_call_without_an_id_gets_one(string delta)
    {
        var events = Stream([Chunk(delta), Chunk("{}", "\"tool_calls\""), "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Same("""{"type":"function_call","id":"fc_7_0","status":"completed","call_id":"call_7_0","name":"f","arguments":"{}"}""", events[^1]["response"]!["output"]![0]);
    }

    [Fact]
    public void A_call_is_told_once_its_name_is_whole()
    {
        var events = Stream([Call(0, "c", "get_", ""), Call(0, "c", "weather", ""), Call(0, "", "", "{}"), Chunk("{}", "\"tool_calls\""), "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Same("\"get_weather\"", events[2]["item"]!["name"]);
    }

    [Fact]
    public void A_name_that_is_said_again_is_not_joined()
    {
        var events = Stream([Call(0, "c", "f", ""), Call(0, "c", "f", "{"), Call(0, "c", "f", "}"), Chunk("{}", "\"tool_calls\""), "[DONE]"]);
        Same("\"f\"", events[^1]["response"]!["output"]![0]!["name"]);
    }

    [Fact]
    public void A_refusal_is_a_part_of_the_message()
    {
        var events = Stream([Chunk("""{"content":"I "}"""), Chunk("""{"refusal":"won"}"""), Chunk("""{"refusal":"t"}"""), Chunk("{}", "\"stop\""), "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Same("""{"type":"refusal","refusal":"wont"}""", events[^1]["response"]!["output"]![0]!["content"]![1]);
    }

    [Fact]
    public void Odds_of_half_a_character_go_with_the_next_text()
    {
        const string odds = ",\"logprobs\":{\"content\":[{\"token\":\"t\",\"logprob\":-1,\"bytes\":null,\"top_logprobs\":[]}]}";
        var events = Stream([Chunk("""{"content":""}""", more: odds), Chunk("""{"content":"x"}""", more: odds), Chunk("""{"content":""}""", more: odds), "[DONE]"]);
        Assert.Equal(2, events[4]["logprobs"]!.AsArray().Count);
        Assert.Equal(3, events[^1]["response"]!["output"]![0]!["content"]![0]!["logprobs"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("length", "max_output_tokens")]
    [InlineData("content_filter", "content_filter")]
    public void A_stream_that_was_cut_is_incomplete(string finish, string reason)
    {
        var events = Stream([Chunk("""{"content":"x"}"""), Chunk("{}", $"\"{finish}\""), Usage, "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.Equal("response.incomplete", Types(events)[^1]);
        Same($$"""{"reason":"{{reason}}"}""", events[^1]["response"]!["incomplete_details"]);
    }

    [Fact]
    public void What_comes_ahead_of_the_answer_does_not_begin_it()
    {
        Assert.Empty(Stream(["""{"choices":[],"created":0,"id":"","model":"","prompt_filter_results":[]}"""]));
        var events = Stream(["""{"choices":[],"created":0,"id":"","model":""}""", Chunk("""{"content":"x"}"""), "[DONE]"]);
        Same("\"resp_7\"", events[0]["response"]!["id"]);
    }

    [Fact]
    public void The_last_usage_counts_wherever_it_stands()
    {
        var events = Stream([Chunk("""{"content":"x"}""", "\"stop\"", ",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}"), """{"choices":[],"x_groq":{"usage":{"prompt_tokens":5,"completion_tokens":6}}}""", "[DONE]"]);
        Same("11", events[^1]["response"]!["usage"]!["total_tokens"]);
    }

    [Fact]
    public void Usage_that_comes_early_is_told_at_the_end_alone()
    {
        var early = Chunk("""{"content":"x"}""")[..^1] + ",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}";
        var events = Stream([early, Chunk("""{"content":"y"}"""), Chunk("{}", "\"stop\""), "[DONE]"]);
        Assert.Null(events[0]["response"]!["usage"]);
        Same("11", events[^1]["response"]!["usage"]!["total_tokens"]);
    }

    [Fact]
    public void Other_choices_and_what_is_no_json_are_passed_over()
    {
        var events = Stream([Chunk("""{"content":"x"}"""), """{"id":"chatcmpl-7","choices":[{"index":1,"delta":{"content":"y"}}]}""", "{\"id\":", "7", "", "[DONE]"]);
        Assert.True(ResponsesEventChecker.Check(events));
        Same("\"x\"", events[^1]["response"]!["output"]![0]!["content"]![0]!["text"]);
    }

    [Fact]
    public void Nothing_follows_the_end()
    {
        string[] end = [Chunk("""{"content":"x"}"""), "[DONE]"];
        Assert.Equal(StreamText(end), StreamText([.. end, Chunk("""{"content":"y"}"""), """{"error":{"message":"m"}}""", "[DONE]"]));
        Assert.DoesNotContain("[DONE]", StreamText(end), StringComparison.Ordinal);
    }
}

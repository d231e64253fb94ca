using static LlmGateway.Protocols.Tests.Translation.ResponsesDriver;

namespace LlmGateway.Protocols.Tests.Translation;

public sealed class ResponsesOptionsTests
{
    private static void Becomes(string members, string expected) =>
        Same($$"""{"model":"m","messages":[{"role":"user","content":"hi"}]{{(expected.Length > 0 ? "," : "")}}{{expected}}}""", ChatWith(members));

    [Theory]
    [InlineData("\"temperature\":0.5,\"top_p\":1", "\"temperature\":0.5,\"top_p\":1")]
    [InlineData("\"max_output_tokens\":77", "\"max_tokens\":77")]
    [InlineData("\"metadata\":{\"a\":\"b\"},\"user\":\"u\",\"safety_identifier\":\"s\"", "\"metadata\":{\"a\":\"b\"},\"user\":\"u\",\"safety_identifier\":\"s\"")]
    [InlineData("\"service_tier\":\"flex\",\"prompt_cache_key\":\"k\"", "\"service_tier\":\"flex\",\"prompt_cache_key\":\"k\"")]
    [InlineData("\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}", "\"reasoning_effort\":\"low\"")]
    [InlineData("\"top_logprobs\":3", "\"logprobs\":true,\"top_logprobs\":3")]
    [InlineData("\"top_logprobs\":0", "")]
    [InlineData("\"include\":[\"message.output_text.logprobs\"]", "\"logprobs\":true")]
    [InlineData("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}")]
    [InlineData("\"stream\":false", "\"stream\":false")]
    [InlineData("\"text\":{\"verbosity\":\"low\"}", "\"verbosity\":\"low\"")]
    [InlineData("\"text\":{\"format\":{\"type\":\"text\"}}", "")]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_object\"}}", "\"response_format\":{\"type\":\"json_object\"}")]
    [InlineData(
        "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{\"type\":\"object\"},\"strict\":true,\"description\":\"d\"}}",
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"description\":\"d\",\"schema\":{\"type\":\"object\"},\"strict\":true}}")]
    [InlineData("\"fallbacks\":[\"other\"]", "\"fallbacks\":[\"other\"]")]
    [InlineData("\"temperature\":null,\"tools\":null,\"conversation\":null,\"previous_response_id\":null,\"background\":false,\"truncation\":\"disabled\"", "")]
    public void Members_find_their_place(string members, string expected)
    {
        Becomes(members, expected);
        Assert.Empty(Translate($$"""{"model":"m","input":"hi",{{members}}}""").Dropped);
    }

    [Fact]
    public void Tools_are_nested() => Becomes(
        "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"description\":\"d\",\"parameters\":{\"type\":\"object\"},\"strict\":false},{\"type\":\"function\",\"name\":\"g\",\"parameters\":null,\"strict\":null},{\"type\":\"custom\",\"name\":\"h\",\"format\":{\"type\":\"grammar\",\"syntax\":\"lark\",\"definition\":\"start: X\"}},{\"type\":\"custom\",\"name\":\"i\",\"format\":{\"type\":\"text\"}}],\"parallel_tool_calls\":false",
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\",\"parameters\":{\"type\":\"object\"},\"strict\":false}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}},{\"type\":\"custom\",\"custom\":{\"name\":\"h\",\"format\":{\"type\":\"grammar\",\"grammar\":{\"syntax\":\"lark\",\"definition\":\"start: X\"}}}},{\"type\":\"custom\",\"custom\":{\"name\":\"i\",\"format\":{\"type\":\"text\"}}}],\"parallel_tool_calls\":false");

    [Theory]
    [InlineData("\"auto\"", "\"auto\"")]
    [InlineData("\"none\"", "\"none\"")]
    [InlineData("\"required\"", "\"required\"")]
    [InlineData("{\"type\":\"function\",\"name\":\"f\"}", "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")]
    [InlineData("{\"type\":\"custom\",\"name\":\"f\"}", "{\"type\":\"custom\",\"custom\":{\"name\":\"f\"}}")]
    [InlineData(
        "{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}",
        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}")]
    public void A_choice_of_tools_is_nested(string choice, string expected) =>
        Same(expected, ChatWith($$"""{{"\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":"}}{{choice}}""")["tool_choice"]);

    [Fact]
    public void Without_tools_nothing_is_said_of_calls() =>
        Becomes("\"tools\":[],\"tool_choice\":\"auto\",\"parallel_tool_calls\":true", "");

    [Theory]
    [InlineData("\"max_tool_calls\":3", "max_tool_calls")]
    [InlineData("\"context_management\":[{\"type\":\"compaction\"}]", "context_management")]
    [InlineData("\"truncation\":\"auto\"", "truncation")]
    [InlineData("\"include\":[\"reasoning.encrypted_content\"]", "include.reasoning.encrypted_content")]
    [InlineData("\"stream_options\":{\"include_obfuscation\":true}", "stream_options.include_obfuscation")]
    [InlineData("\"stop\":[\"x\"]", "stop")]
    [InlineData("\"text\":{\"x\":1}", "text.x")]
    [InlineData("\"reasoning\":{\"context\":\"all\"}", "reasoning.context")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"defer_loading\":true}]", "tools[0].defer_loading")]
    [InlineData("\"a\\r\\nb: 老\":1", "a??b???")]
    public void What_has_no_place_is_left_out_and_told_in_letters_that_a_header_takes(string members, string dropped) =>
        Assert.Equal([dropped], Translate($$"""{"model":"m","input":"hi",{{members}}}""").Dropped);

    [Fact]
    public void What_is_left_out_of_items_is_told_by_path() => Assert.Equal(
        ["input[1].mood"],
        Translate("""{"model":"m","input":[{"role":"user","content":"a","id":"x","status":"completed"},{"role":"user","content":"b","mood":"good"}]}""").Dropped);

    [Fact]
    public void Not_more_is_told_than_a_header_can_hold()
    {
        var members = string.Join(",", Enumerable.Range(0, 500).Select(i => $"\"{new string('x', 500)}{i}\":1"));
        var dropped = Translate($$"""{"model":"m","input":"hi",{{members}}}""").Dropped;
        Assert.True(dropped.Sum(name => name.Length) < 2000);
    }
}

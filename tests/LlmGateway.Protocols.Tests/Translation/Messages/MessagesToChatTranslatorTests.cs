using System.Text;

namespace LlmGateway.Protocols.Tests.Translation.Messages;

public sealed class MessagesToChatTranslatorTests
{
    [Fact]
    public void The_smallest_request() => Assert.Equal(
        """{"model":"chat","messages":[{"role":"user","content":"你好 \"x\" 😀"}],"max_tokens":10}""",
        Encoding.UTF8.GetString(Requests.Translate(
            """{"max_tokens":10,"messages":[{"content":"你好 \"x\" 😀","role":"user"}],"model":"chat"}""").Body.Span).Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal));

    [Fact]
    public void A_stream_always_asks_for_usage()
    {
        Assert.Equal("""{"include_usage":true}""", Requests.Member("\"stream\":true", "stream_options"));
        Assert.Equal("true", Requests.Member("\"stream\":true", "stream"));
        Assert.Null(Requests.Member("\"stream\":false", "stream"));
        Assert.Null(Requests.Member("\"stream\":null", "stream_options"));
    }

    [Theory]
    [InlineData("\"max_tokens\":9", "max_tokens", "9")]
    [InlineData("\"stop_sequences\":[\"a\",\"\\n\"]", "stop", "[\"a\",\"\\n\"]")]
    [InlineData("\"stop_sequences\":[]", "stop", null)]
    [InlineData("\"temperature\":0.70", "temperature", "0.70")]
    [InlineData("\"top_p\":1", "top_p", "1")]
    [InlineData("\"top_k\":5", "top_k", null)]
    [InlineData("\"metadata\":{\"user_id\":\"u1\"}", "user", "\"u1\"")]
    [InlineData("\"metadata\":{\"user_id\":null}", "user", null)]
    [InlineData("\"service_tier\":\"auto\"", "service_tier", "\"auto\"")]
    [InlineData("\"service_tier\":\"standard_only\"", "service_tier", "\"default\"")]
    [InlineData("\"fallbacks\":[\"b\"]", "fallbacks", "[\"b\"]")]
    public void A_member_becomes_its_like(string member, string name, string? value) =>
        Assert.Equal(value, Requests.Member(member.StartsWith("\"max_tokens", StringComparison.Ordinal) ? "\"x\":1" : member, name));

    [Theory]
    [InlineData("{\"type\":\"enabled\",\"budget_tokens\":4096}", "\"low\"")]
    [InlineData("{\"type\":\"enabled\",\"budget_tokens\":4097}", "\"medium\"")]
    [InlineData("{\"type\":\"enabled\",\"budget_tokens\":16384}", "\"medium\"")]
    [InlineData("{\"type\":\"enabled\",\"budget_tokens\":16385}", "\"high\"")]
    [InlineData("{\"type\":\"disabled\"}", "\"none\"")]
    [InlineData("{\"type\":\"adaptive\"}", null)]
    [InlineData("{\"type\":\"between_tools\"}", null)]
    [InlineData("null", null)]
    public void Thinking_becomes_an_effort(string thinking, string? effort) =>
        Assert.Equal(effort, Requests.Member("\"thinking\":" + thinking, "reasoning_effort"));

    [Theory]
    [InlineData("\"output_config\":{\"effort\":\"xhigh\"}", "\"xhigh\"")]
    [InlineData("\"output_config\":{\"effort\":\"max\"},\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}", "\"max\"")]
    [InlineData("\"output_config\":{\"effort\":\"low\"},\"thinking\":{\"type\":\"adaptive\"}", "\"low\"")]
    [InlineData("\"output_config\":{\"effort\":\"high\"},\"thinking\":{\"type\":\"disabled\"}", "\"none\"")]
    public void An_effort_that_is_named_counts_more_than_a_budget(string members, string effort) =>
        Assert.Equal(effort, Requests.Member(members, "reasoning_effort"));

    [Fact]
    public void A_format_becomes_a_response_format_that_is_strict_where_openai_takes_it()
    {
        const string closed = """{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{},"additionalProperties":false}}},"required":["a"],"additionalProperties":false}""";
        Assert.Equal(
            $$$"""{"type":"json_schema","json_schema":{"name":"output","schema":{{{closed}}},"strict":true}}""",
            Requests.Member($$$"""
            "output_config":{"format":{"type":"json_schema","schema":{{{closed}}}}}
            """, "response_format"));
        Assert.DoesNotContain("strict", Requests.Member("""
            "output_format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{}},"additionalProperties":false}}
            """, "response_format"), StringComparison.Ordinal);
        Assert.DoesNotContain("strict", Requests.Member("""
            "output_config":{"format":{"type":"json_schema","schema":{"properties":{"a":{"properties":{}}},"required":["a"],"additionalProperties":false}}}
            """, "response_format"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_prompt_is_the_first_message()
    {
        Assert.StartsWith("""[{"role":"system","content":"be short"},{"role":"user",""", Requests.Member("\"system\":\"be short\"", "messages"));
        Assert.StartsWith(
            """[{"role":"system","content":"a\n\nb"},{"role":"user",""",
            Requests.Member("""
            "system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":""},{"text":"b","type":"text"}]
            """, "messages"));
        Assert.StartsWith("""[{"role":"user",""", Requests.Member("\"system\":\"\"", "messages"));
        Assert.StartsWith("""[{"role":"user",""", Requests.Member("\"system\":[]", "messages"));
    }

    [Fact]
    public void What_has_no_place_is_left_out_and_listed_once()
    {
        Assert.Equal(["top_k"], Requests.Dropped("\"top_k\":5"));
        Assert.Equal(["context_management", "container"], Requests.Dropped("\"context_management\":{},\"container\":\"c\",\"service_tier\":null,\"newer\":null"));
        Assert.Equal(["system[].cache_control"], Requests.Dropped("""
            "system":[{"type":"text","text":"a","cache_control":{}},{"type":"text","text":"b","cache_control":{}}]
            """));
        Assert.Equal(["thinking.display"], Requests.Dropped("\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}"));
        Assert.Equal(["output_config.effort"], Requests.Dropped("\"output_config\":{\"effort\":\"high\"},\"thinking\":{\"type\":\"disabled\"}"));
        Assert.Equal(["metadata.team"], Requests.Dropped("\"metadata\":{\"team\":\"x\"}"));
    }

    [Fact]
    public void The_list_is_bounded_and_fit_for_a_header()
    {
        var members = string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"\\r\\n名{i}{new string('x', 200)}\":1"));
        var dropped = Requests.Dropped(members);
        Assert.Equal(24, dropped.Count);
        Assert.All(dropped, path => Assert.True(path.Length < 80 && path.All(letter => letter is >= '!' and <= '~'), path));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_mended() =>
        Assert.Equal("""[{"role":"user","content":"a\uFFFDb\uFFFD"}]""".Replace("\\uFFFD", "\uFFFD", StringComparison.Ordinal), Requests.Messages("""[{"role":"user","content":"a\ud83db\uDE00"}]"""));

    [Fact]
    public void A_byte_order_mark_is_forgiven() =>
        Assert.Null(Requests.Translate("\uFEFF" + Requests.With("\"stream\":true")).Fault);
}

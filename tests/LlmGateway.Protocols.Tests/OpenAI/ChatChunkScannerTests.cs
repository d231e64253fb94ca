using System.Text;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Tests.OpenAI;

public sealed class ChatChunkScannerTests
{
    [Fact]
    public void A_content_chunk_has_content_a_model_and_a_null_usage()
    {
        var facts = Chunks.Scan(Chunks.Openai);
        Assert.True(facts.HasContent);
        Assert.False(facts.IsMalformed || facts.HasError || facts.HasUsage || facts.IsPureUsage || facts.HasRole || facts.IsFlagged);
        Assert.Equal("gpt-5.6-mini", Encoding.UTF8.GetString(facts.Model.In(Encoding.UTF8.GetBytes(Chunks.Openai))));
        Assert.Equal(FinishReason.None, facts.FinishReason);
        Assert.True(Assert.Single(facts.UsageMembers.ToArray()).IsNull);
    }

    [Fact]
    public void The_trailing_usage_chunk_is_known_as_one()
    {
        var facts = Chunks.Scan(Chunks.OpenaiUsage);
        Assert.True(facts.IsPureUsage && facts.HasUsage);
        Assert.False(facts.HasContent);
        Assert.Equal(new TokenUsage(9, 2, 0, 4, 1), facts.Usage);
    }

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":1}}""", true)]
    [InlineData("""{"choices":null,"usage":{"prompt_tokens":1}}""", true)]
    [InlineData("""{"choices":[],"code":0,"message":"Success","sid":"x","usage":{"prompt_tokens":1}}""", true)]
    [InlineData("""{"choices":[],"timings":{"predicted_ms":1},"citations":[ ],"usage":{"prompt_tokens":1}}""", true)]
    [InlineData("""{"choices":[],"x_groq":{"id":"r","usage":{"prompt_tokens":1}}}""", true)]
    [InlineData("""{"choices":[],"usage":null}""", false)]
    [InlineData("""{"choices":[],"usage":{}}""", false)]
    [InlineData("""{"choices":[{}],"usage":{"prompt_tokens":1}}""", false)]
    [InlineData("""{"choices":[],"moderation":{"a":1},"usage":{"prompt_tokens":1}}""", false)]
    [InlineData("""{"choices":[],"prompt_filter_results":[{"a":1}],"usage":{"prompt_tokens":1}}""", false)]
    [InlineData("""{"choices":[],"error":{"message":"x"},"usage":{"prompt_tokens":1}}""", false)]
    public void A_usage_chunk_is_pure_only_if_nothing_else_would_be_lost(string json, bool pure) =>
        Assert.Equal(pure, Chunks.Scan(json).IsPureUsage);

    [Fact]
    public void Azures_first_chunk_is_neither_usage_nor_content()
    {
        var facts = Chunks.Scan(Chunks.AzureFirst);
        Assert.False(facts.IsPureUsage || facts.HasContent || facts.HasError || facts.IsMalformed);
    }

    [Theory]
    [InlineData(Chunks.KimiFinish, 19, 10, 21)]
    [InlineData(Chunks.GroqFinish, 3, 0, 4)]
    [InlineData(Chunks.DeepSeekFinish, 20, 12, 5)]
    public void Usage_is_found_wherever_providers_put_it(string json, long input, long cached, long output)
    {
        var facts = Chunks.Scan(json);
        Assert.True(facts.HasUsage);
        Assert.False(facts.IsPureUsage);
        Assert.Equal(new TokenUsage(input, cached, 0, output, 0), facts.Usage);
        Assert.Equal(FinishReason.Stop, facts.FinishReason);
    }

    [Fact]
    public void Of_several_usages_the_last_with_counts_wins() => Assert.Equal(
        7, Chunks.Scan("""{"usage":{"prompt_tokens":5},"choices":[{"usage":{"prompt_tokens":7}}],"usage":null,"usage":{}}""").Usage.InputTokens);

    [Theory]
    [InlineData("""{"error":{"message":"x"}}""", true)]
    [InlineData("""{"error":"x"}""", true)]
    [InlineData("""{"error":["x"]}""", true)]
    [InlineData("""{"error":null,"choices":[]}""", false)]
    [InlineData("""{"error":"","choices":[]}""", false)]
    [InlineData("""{"error":{ },"choices":[]}""", false)]
    [InlineData("""{"error":false}""", false)]
    [InlineData("""{"choices":[{"error":{"code":502,"message":"x"},"delta":{}}]}""", true)]
    [InlineData("""{"choices":[{"delta":{"content":""},"finish_reason":"error"}]}""", true)]
    [InlineData("""{"choices":[{"delta":{},"finish_reason":"network_error"}]}""", true)]
    [InlineData("""{"choices":[{"delta":{},"finish_reason":"insufficient_system_resource"}]}""", true)]
    [InlineData("""{"object":"error","message":"x","code":400}""", true)]
    [InlineData("""{"code":10013,"message":"blocked","sid":"s"}""", true)]
    [InlineData("""{"code":0,"message":"Success","sid":"s","choices":[{"delta":{"content":"x"}}]}""", false)]
    [InlineData("""{"choices":[{"delta":{"content":"{\"error\":{\"a\":1}}"}}]}""", false)]
    [InlineData("""{"\u0065rror":{"message":"x"}}""", true)]
    public void An_error_inside_a_200_is_seen(string json, bool error) => Assert.Equal(error, Chunks.Scan(json).HasError);

    [Theory]
    [InlineData("""{"a":1,"error" : {"message":"x"} ,"b":2}""", """{"message":"x"}""")]
    [InlineData("""{"choices":[{"error":"boom"}]}""", "\"boom\"")]
    public void The_error_value_can_be_taken_out(string json, string value) =>
        Assert.Equal(value, Encoding.UTF8.GetString(Chunks.Scan(json).Error.In(Encoding.UTF8.GetBytes(json))));

    [Theory]
    [InlineData("stop", FinishReason.Stop)]
    [InlineData("length", FinishReason.Length)]
    [InlineData("tool_calls", FinishReason.ToolCalls)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("function_call", FinishReason.FunctionCall)]
    [InlineData("normal", FinishReason.Stop)]
    [InlineData("model_length", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("sensitive", FinishReason.ContentFilter)]
    [InlineData("network_error", FinishReason.Error)]
    [InlineData("insufficient_system_resource", FinishReason.Overloaded)]
    [InlineData("moon_phase", FinishReason.Other)]
    public void Finish_reasons_are_read_with_their_bytes(string raw, FinishReason expected)
    {
        var json = $$"""{"choices":[{"finish_reason": "{{raw}}" }]}""";
        var facts = Chunks.Scan(json);
        Assert.Equal(expected, facts.FinishReason);
        Assert.Equal(raw, Encoding.UTF8.GetString(facts.FinishReasonValue.In(Encoding.UTF8.GetBytes(json))));
        Assert.True(facts.HasContent);
    }

    [Fact]
    public void Whatever_is_shown_to_a_client_is_one_of_openais_five() =>
        Assert.All(Enum.GetValues<FinishReason>().Skip(1), reason => Assert.Contains(
            Encoding.UTF8.GetString(FinishReasons.ToOpenAI(reason)), new[] { "stop", "length", "tool_calls", "content_filter", "function_call" }));

    [Theory]
    [InlineData("""{"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":null}]}""", true, false)]
    [InlineData("""{"choices":[{"delta":{"role":"assistant","content":null,"reasoning_content":""},"finish_reason":""}]}""", true, false)]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[]}}]}""", false, false)]
    [InlineData("""{"choices":[{"delta":{"content":[]}}]}""", false, false)]
    [InlineData("""{"choices":[{"delta":{"content":"x"}}]}""", false, true)]
    [InlineData("""{"choices":[{"text":"x"}]}""", false, true)]
    [InlineData("""{"choices":[{"delta":{"refusal":"no"}}]}""", false, true)]
    [InlineData("""{"choices":[{"delta":{"reasoning":"hm"}}]}""", false, true)]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":""}}]}}]}""", false, true)]
    [InlineData("""{"choices":[{"delta":{"audio":{"data":"AAA="}}}]}""", false, true)]
    [InlineData("""{"choices":[{"delta":{"content":[{"type":"image_url","image_url":{"url":"https://x"}}]}}]}""", false, true)]
    public void Content_and_role_are_told_apart(string json, bool role, bool content)
    {
        var facts = Chunks.Scan(json);
        Assert.Equal((role, content), (facts.HasRole, facts.HasContent));
    }

    [Fact]
    public void Qianfans_flag_is_seen() => Assert.True(Chunks.Scan("""{"choices":[{"flag":3,"delta":{"content":"x"}}]}""").IsFlagged);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[DONE]")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"choices\":[{\"delta\":")]
    [InlineData("{\"usage\":{\"prompt_tokens\":1")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":\"\\x\"}")]
    public void What_is_no_json_object_is_malformed(string json)
    {
        var facts = Chunks.Scan(json);
        Assert.True(facts.IsMalformed);
        Assert.Equal(0, facts.UsageMembers.Length);
    }

    [Fact]
    public void Nesting_up_to_the_bound_is_read_and_beyond_it_malformed()
    {
        Assert.False(Chunks.Scan("{\"a\":" + new string('[', 250) + new string(']', 250) + "}").IsMalformed);
        Assert.True(Chunks.Scan("{\"a\":" + new string('[', 100_000)).IsMalformed);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"finish_reason":"stop"},{"finish_reason":"length","index":1}]}""", 0b11)]
    [InlineData("""{"choices":[{"index":2,"finish_reason":"stop"},{"index":0,"finish_reason":null}]}""", 0b100)]
    [InlineData("""{"choices":[{"finish_reason":null},{"finish_reason":"stop"}]}""", 0b10)]
    [InlineData("""{"choices":[{"index":{},"finish_reason":"stop"}]}""", 0b1)]
    [InlineData("""{"choices":[{"index":-1,"finish_reason":"stop"},{"index":128,"finish_reason":"stop"}]}""", 0)]
    public void Each_choice_that_has_finished_is_named(string json, int finished)
    {
        ChatChunkScanner.Scan(Encoding.UTF8.GetBytes(json), out var facts);

        Assert.Equal((UInt128)(uint)finished, facts.FinishedChoices);
    }
}

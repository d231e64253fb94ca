using System.Text;
using System.Text.Json;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Tests.Usage;

public sealed class OtherUsageReadersTests
{
    [Fact]
    public void Responses_counts_its_parts_inside_the_totals()
    {
        var json = """{"input_tokens":37,"input_tokens_details":{"cached_tokens":30,"cache_write_tokens":5},"output_tokens":11,"output_tokens_details":{"reasoning_tokens":6},"total_tokens":48}"""u8;
        Assert.True(ResponsesUsageReader.TryRead(json, out var usage));
        Assert.Equal(new TokenUsage(37, 30, 5, 11, 6), usage);
    }

    [Theory]
    [InlineData("""{"input_tokens":10,"cache_creation_input_tokens":200,"cache_read_input_tokens":3000,"cache_creation":{"ephemeral_5m_input_tokens":150,"ephemeral_1h_input_tokens":50},"output_tokens":40,"output_tokens_details":{"thinking_tokens":25},"service_tier":"standard"}""", 3210, 3000, 200, 40, 25)]
    [InlineData("""{"input_tokens":10,"cache_creation":{"ephemeral_5m_input_tokens":150,"ephemeral_1h_input_tokens":50},"output_tokens":1}""", 210, 0, 200, 1, 0)]
    [InlineData("""{"input_tokens":10,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":1,"server_tool_use":{"web_search_requests":2}}""", 10, 0, 0, 1, 0)]
    public void Anthropic_counts_fresh_cached_and_written_side_by_side(string json, long input, long cached, long written, long output, long reasoning)
    {
        Assert.True(AnthropicUsageReader.TryRead(Encoding.UTF8.GetBytes(json), out var usage));
        Assert.Equal(new TokenUsage(input, cached, written, output, reasoning), usage);
    }

    [Fact]
    public void A_later_anthropic_delta_overwrites_what_it_names_and_keeps_the_rest()
    {
        var usage = default(TokenUsage);
        Merge("""{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":1}""", ref usage);
        Merge("""{"output_tokens":15,"input_tokens":null}""", ref usage);
        Merge("""{"output_tokens":20,"input_tokens":12}""", ref usage);
        Assert.Equal(new TokenUsage(102, 90, 0, 20, 0), usage);

        static void Merge(string json, ref TokenUsage usage)
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            reader.Read();
            Assert.True(AnthropicUsageReader.TryMerge(ref reader, ref usage));
        }
    }

    [Theory]
    [InlineData("""{"promptTokenCount":100,"cachedContentTokenCount":60,"candidatesTokenCount":20,"thoughtsTokenCount":30,"toolUsePromptTokenCount":5,"totalTokenCount":155,"promptTokensDetails":[{"modality":"TEXT","tokenCount":100}]}""")]
    [InlineData("""{"prompt_token_count":100,"cached_content_token_count":60,"candidates_token_count":20,"thoughts_token_count":30,"tool_use_prompt_token_count":5}""")]
    public void Gemini_adds_thoughts_and_tool_prompts(string json)
    {
        Assert.True(GeminiUsageReader.TryRead(Encoding.UTF8.GetBytes(json), out var usage));
        Assert.Equal(new TokenUsage(105, 60, 0, 50, 30), usage);
    }

    [Fact]
    public void Bedrock_adds_cache_reads_and_writes()
    {
        var json = """{"inputTokens":10,"outputTokens":7,"totalTokens":17,"cacheReadInputTokens":100,"cacheWriteInputTokens":20}"""u8;
        Assert.True(BedrockUsageReader.TryRead(json, out var usage));
        Assert.Equal(new TokenUsage(130, 100, 20, 7, 0), usage);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("{\"a\":")]
    public void What_holds_no_count_is_no_usage_in_any_dialect(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.False(ResponsesUsageReader.TryRead(bytes, out _));
        Assert.False(AnthropicUsageReader.TryRead(bytes, out _));
        Assert.False(GeminiUsageReader.TryRead(bytes, out _));
        Assert.False(BedrockUsageReader.TryRead(bytes, out _));
    }
}

using System.Text;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Tests.Usage;

public sealed class OpenAIUsageReaderTests
{
    private const OpenAIUsageProfile Standard = OpenAIUsageProfile.Standard;

    [Theory]
    // OpenAI
    [InlineData("""{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":20,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":40,"audio_tokens":0}}""", 100, 30, 20, 50, 40)]
    [InlineData("""{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":null,"completion_tokens_details":null}""", 9, 0, 0, 2, 0)]
    // embeddings
    [InlineData("""{"prompt_tokens":8,"total_tokens":8}""", 8, 0, 0, 0, 0)]
    [InlineData("""{"total_tokens":8}""", 8, 0, 0, 0, 0)]
    // DeepSeek, with and without the mirrored member, and without prompt_tokens
    [InlineData("""{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25,"prompt_tokens_details":{"cached_tokens":12},"completion_tokens_details":{"reasoning_tokens":3},"prompt_cache_hit_tokens":12,"prompt_cache_miss_tokens":8}""", 20, 12, 0, 5, 3)]
    [InlineData("""{"prompt_cache_hit_tokens":12,"prompt_cache_miss_tokens":8,"completion_tokens":5}""", 20, 12, 0, 5, 0)]
    // Qwen
    [InlineData("""{"prompt_tokens":3000,"completion_tokens":10,"total_tokens":3010,"prompt_tokens_details":{"cached_tokens":0,"cache_creation_input_tokens":2500,"cache_creation":{"ephemeral_5m_input_tokens":2500},"cache_type":"ephemeral"}}""", 3000, 0, 2500, 10, 0)]
    // Kimi
    [InlineData("""{"prompt_tokens":50,"completion_tokens":10,"total_tokens":60,"cached_tokens":16}""", 50, 16, 0, 10, 0)]
    [InlineData("""{"prompt_tokens":50,"completion_tokens":10,"total_tokens":60,"cached_tokens":16,"prompt_tokens_details":{"cached_tokens":16}}""", 50, 16, 0, 10, 0)]
    // Mistral
    [InlineData("""{"prompt_tokens":50,"completion_tokens":10,"total_tokens":60,"num_cached_tokens":32}""", 50, 32, 0, 10, 0)]
    [InlineData("""{"prompt_tokens":50,"completion_tokens":10,"total_tokens":60,"prompt_token_details":{"cached_tokens":32}}""", 50, 32, 0, 10, 0)]
    // xAI: the total tells that reasoning, and cached tokens, come on top
    [InlineData("""{"prompt_tokens":12,"completion_tokens":1,"total_tokens":241,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":228}}""", 12, 2, 0, 229, 228)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":10,"total_tokens":62,"prompt_tokens_details":{"cached_tokens":40}}""", 52, 40, 0, 10, 0)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":10,"total_tokens":69,"prompt_tokens_details":{"cached_tokens":40},"completion_tokens_details":{"reasoning_tokens":7}}""", 52, 40, 0, 17, 7)]
    // OpenRouter: money beside the tokens
    [InlineData("""{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11,"cost":0.00014,"cost_details":{"upstream_inference_cost":19},"is_byok":false}""", 5, 0, 0, 6, 0)]
    // Responses
    [InlineData("""{"input_tokens":7,"input_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":11}""", 7, 3, 2, 4, 1)]
    public void Every_spelling_is_understood(string json, long input, long cached, long written, long output, long reasoning)
    {
        Assert.True(OpenAIUsageReader.TryRead(Encoding.UTF8.GetBytes(json), Standard, out var usage));
        Assert.Equal(new TokenUsage(input, cached, written, output, reasoning), usage);
    }

    [Theory]
    [InlineData(Standard, 10, 7)]
    [InlineData(OpenAIUsageProfile.Xai, 17, 7)]
    public void Without_a_total_the_profile_says_whether_reasoning_comes_on_top(OpenAIUsageProfile profile, long output, long reasoning)
    {
        var json = """{"prompt_tokens":12,"completion_tokens":10,"completion_tokens_details":{"reasoning_tokens":7}}"""u8;
        Assert.True(OpenAIUsageReader.TryRead(json, profile, out var usage));
        Assert.Equal(new TokenUsage(12, 0, 0, output, reasoning), usage);
    }

    [Theory]
    [InlineData(Standard, 12, 12)]
    [InlineData(OpenAIUsageProfile.Xai, 52, 40)]
    public void Without_a_total_the_profile_says_whether_cached_tokens_come_on_top(OpenAIUsageProfile profile, long input, long cached)
    {
        var json = """{"prompt_tokens":12,"completion_tokens":10,"prompt_tokens_details":{"cached_tokens":40}}"""u8;
        Assert.True(OpenAIUsageReader.TryRead(json, profile, out var usage));
        Assert.Equal(new TokenUsage(input, cached, 0, 10, 0), usage);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":-1,"total_tokens":-6}""", 0L, 0L)]
    [InlineData("""{"prompt_tokens":1.9,"completion_tokens":2e1}""", 1L, 20L)]
    [InlineData("""{"prompt_tokens":"12","completion_tokens":" 3"}""", 12L, 0L)]
    [InlineData("""{"prompt_tokens":1e400,"completion_tokens":99999999999999999999}""", null, null)]
    [InlineData("""{"prompt_tokens":1000000000,"completion_tokens":1000000001}""", 1_000_000_000L, 0L)]
    [InlineData("""{"prompt_tokens":{"a":[1]},"completion_tokens":4}""", 0L, 4L)]
    [InlineData("""{"prompt_tokens":null,"completion_tokens":4}""", 0L, 4L)]
    [InlineData("""{"prompt_tokens":true,"completion_tokens":"\u0034"}""", null, null)]
    [InlineData("""{"\u0070rompt_tokens":3}""", 3L, 0L)]
    public void Odd_numbers_never_throw(string json, long? input, long? output)
    {
        var read = OpenAIUsageReader.TryRead(Encoding.UTF8.GetBytes(json), Standard, out var usage);
        Assert.Equal(input is not null, read);
        Assert.Equal((input ?? 0, output ?? 0), (usage.InputTokens, usage.OutputTokens));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"cost":1}""")]
    [InlineData("\"prompt_tokens\"")]
    [InlineData("""{"prompt_tokens":1""")]
    [InlineData("")]
    public void What_holds_no_count_is_no_usage(string json) =>
        Assert.False(OpenAIUsageReader.TryRead(Encoding.UTF8.GetBytes(json), Standard, out _));

    [Fact]
    public void Only_xai_has_a_profile_of_its_own()
    {
        Assert.Equal(OpenAIUsageProfile.Xai, OpenAIUsageReader.ProfileFor("xAI"));
        Assert.Equal(Standard, OpenAIUsageReader.ProfileFor("deepseek"));
        Assert.Equal(Standard, OpenAIUsageReader.ProfileFor(null));
    }
}

using CsCheck;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Tests.Usage;

public sealed class TokenUsageTests
{
    [Fact]
    public void Parts_never_exceed_their_wholes() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Long, Gen.Long).Sample((input, cached, written, output, reasoning) =>
        {
            var usage = TokenUsage.Clamped(input, cached, written, output, reasoning);
            Assert.True(usage.FreshInputTokens >= 0 && usage.CachedInputTokens >= 0 && usage.CacheWriteTokens >= 0);
            Assert.InRange(usage.ReasoningTokens, 0, usage.OutputTokens);
            Assert.True(usage.TotalTokens >= usage.InputTokens);
        });

    [Fact]
    public void Sums_saturate_instead_of_wrapping_round() =>
        Assert.Equal(long.MaxValue, TokenUsage.Clamped(long.MaxValue, 0, 0, long.MaxValue, 0).TotalTokens);

    [Fact]
    public void Huge_counts_of_disjoint_dialects_do_not_overflow_and_absurd_ones_are_none()
    {
        Assert.False(AnthropicUsageReader.TryRead("""{"input_tokens":1e300,"cache_read_input_tokens":1e300,"cache_creation_input_tokens":1e300}"""u8, out _));
        Assert.True(AnthropicUsageReader.TryRead("""{"input_tokens":1e9,"cache_read_input_tokens":1e9,"cache_creation_input_tokens":1e9}"""u8, out var usage));
        Assert.Equal(3_000_000_000, usage.InputTokens);
        Assert.True(usage.FreshInputTokens >= 0);
    }
}

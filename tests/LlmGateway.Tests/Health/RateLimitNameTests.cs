using LlmGateway.Health;

namespace LlmGateway.Tests.Health;

public sealed class RateLimitNameTests
{
    [Theory]
    [InlineData("x-ratelimit-limit-requests", QuotaKind.Requests, RateLimitFigure.Limit)]
    [InlineData("X-RateLimit-Remaining-Requests", QuotaKind.Requests, RateLimitFigure.Remaining)]
    [InlineData("x-ratelimit-reset-tokens", QuotaKind.Tokens, RateLimitFigure.Reset)]
    [InlineData("x-ratelimit-remaining-tokens-minute", QuotaKind.Tokens, RateLimitFigure.Remaining)]
    [InlineData("x-ratelimit-remaining-tokens-day", QuotaKind.TokensPerDay, RateLimitFigure.Remaining)]
    [InlineData("x-ratelimit-limit-requests-day", QuotaKind.RequestsPerDay, RateLimitFigure.Limit)]
    [InlineData("X-RateLimit-Remaining", QuotaKind.Requests, RateLimitFigure.Remaining)]
    [InlineData("anthropic-ratelimit-requests-remaining", QuotaKind.Requests, RateLimitFigure.Remaining)]
    [InlineData("anthropic-ratelimit-tokens-limit", QuotaKind.Tokens, RateLimitFigure.Limit)]
    [InlineData("anthropic-ratelimit-input-tokens-reset", QuotaKind.InputTokens, RateLimitFigure.Reset)]
    [InlineData("anthropic-ratelimit-output-tokens-remaining", QuotaKind.OutputTokens, RateLimitFigure.Remaining)]
    public void The_spellings_of_providers_are_known(string name, object kind, object figure)
    {
        Assert.True(RateLimitName.TryParse(name, out var isKind, out var isFigure));
        Assert.Equal((kind, figure), (isKind, isFigure));
    }

    [Theory]
    [InlineData("content-type")]
    [InlineData("x-ratelimit-")]
    [InlineData("x-ratelimit-remaining-")]
    [InlineData("x-ratelimit-remaining-images")]
    [InlineData("x-ratelimit-over-requests")]
    [InlineData("anthropic-ratelimit-requests")]
    [InlineData("anthropic-ratelimit--remaining")]
    [InlineData("anthropic-priority-input-tokens-remaining")]
    public void Other_names_are_none(string name) => Assert.False(RateLimitName.TryParse(name, out _, out _));
}

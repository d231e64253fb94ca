namespace LlmGateway.Health;

/// <summary>The figure that a rate-limit header gives.</summary>
internal enum RateLimitFigure
{
    Limit,
    Remaining,
    Reset,
}

/// <summary>
/// Reads the names of rate-limit headers, which providers spell in two ways: <c>x-ratelimit-remaining-requests</c> (OpenAI and its kin, some
/// with <c>-day</c> or <c>-minute</c> behind it) and <c>anthropic-ratelimit-requests-remaining</c>.
/// </summary>
internal static class RateLimitName
{
    private const string OpenAI = "x-ratelimit-";
    private const string Anthropic = "anthropic-ratelimit-";

    public static bool TryParse(ReadOnlySpan<char> name, out QuotaKind kind, out RateLimitFigure figure)
    {
        kind = default;
        figure = default;
        if (name.StartsWith(OpenAI, StringComparison.OrdinalIgnoreCase))
        {
            // The figure first.
            var rest = name[OpenAI.Length..];
            var dash = rest.IndexOf('-');
            return dash < 0
                ? TryFigure(rest, out figure)
                : TryFigure(rest[..dash], out figure) && TryKind(rest[(dash + 1)..], out kind);
        }

        if (name.StartsWith(Anthropic, StringComparison.OrdinalIgnoreCase))
        {
            // The figure last.
            var rest = name[Anthropic.Length..];
            var dash = rest.LastIndexOf('-');
            return dash > 0 && TryFigure(rest[(dash + 1)..], out figure) && TryKind(rest[..dash], out kind);
        }

        return false;
    }

    private static bool TryFigure(ReadOnlySpan<char> text, out RateLimitFigure figure)
    {
        figure = Is(text, "limit") ? RateLimitFigure.Limit : Is(text, "reset") ? RateLimitFigure.Reset : RateLimitFigure.Remaining;
        return figure is not RateLimitFigure.Remaining || Is(text, "remaining");
    }

    private static bool TryKind(ReadOnlySpan<char> text, out QuotaKind kind)
    {
        kind = Is(text, "requests") || Is(text, "requests-minute") ? QuotaKind.Requests
            : Is(text, "input-tokens") ? QuotaKind.InputTokens
            : Is(text, "output-tokens") ? QuotaKind.OutputTokens
            : Is(text, "requests-day") ? QuotaKind.RequestsPerDay
            : Is(text, "tokens-day") ? QuotaKind.TokensPerDay
            : QuotaKind.Tokens;
        return kind is not QuotaKind.Tokens || Is(text, "tokens") || Is(text, "tokens-minute");
    }

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

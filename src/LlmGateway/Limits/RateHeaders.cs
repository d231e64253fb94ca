using System.Globalization;

namespace LlmGateway.Limits;

/// <summary>The limits that are nearest to their end, as OpenAI's headers tell them.</summary>
internal sealed class RateHeaders
{
    private readonly Rate? _requests;
    private readonly Rate? _tokens;

    private RateHeaders(Rate? requests, Rate? tokens)
    {
        _requests = requests;
        _tokens = tokens;
    }

    /// <summary>Of what the engine saw; null where neither requests nor tokens are limited.</summary>
    public static RateHeaders? Of(ReadOnlySpan<ReservationLine> lines)
    {
        Rate? requests = null;
        Rate? tokens = null;
        foreach (ref readonly var line in lines)
        {
            var rate = new Rate(line.Account.Limit, Math.Max(0, line.Account.Limit - line.Used), line.Reset);
            switch (line.Account.Measure)
            {
                case Measure.Requests when requests is not { } known || rate.Remaining < known.Remaining:
                    requests = rate;
                    break;
                case Measure.Tokens or Measure.InputTokens or Measure.OutputTokens when tokens is not { } known || rate.Remaining < known.Remaining:
                    tokens = rate;
                    break;
            }
        }

        return requests is null && tokens is null ? null : new RateHeaders(requests, tokens);
    }

    public void Apply(IHeaderDictionary headers)
    {
        if (_requests is { } requests)
        {
            Apply(headers, requests, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
        }

        if (_tokens is { } tokens)
        {
            Apply(headers, tokens, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");
        }
    }

    /// <summary>As OpenAI writes it: <c>1h0m5s</c>, <c>6m0s</c>, <c>1.5s</c>, <c>20ms</c>. Rounded up.</summary>
    public static string Format(TimeSpan time)
    {
        var milliseconds = (long)Math.Ceiling(time.TotalMilliseconds);
        if (milliseconds < 1000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, milliseconds)}ms");
        }

        var (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60);
        var seconds = (milliseconds % 60_000) / 1000m;
        return hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m{seconds:0}s")
            : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{seconds:0.###}s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s");
    }

    private static void Apply(IHeaderDictionary headers, in Rate rate, string limit, string remaining, string reset)
    {
        headers[limit] = rate.Limit.ToString(CultureInfo.InvariantCulture);
        headers[remaining] = rate.Remaining.ToString(CultureInfo.InvariantCulture);
        headers[reset] = Format(rate.Reset);
    }

    private readonly record struct Rate(long Limit, long Remaining, TimeSpan Reset);
}

using System.Globalization;
using CsCheck;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Tests.OpenAI;

public sealed class RateLimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1s", 1.0)]
    [InlineData("6m0s", 360.0)]
    [InlineData("20ms", 0.02)]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData(" 1m ", 60.0)]
    [InlineData("500us", 0.0005)]
    [InlineData("500µs", 0.0005)]
    [InlineData("1000ns", 0.000001)]
    [InlineData("0s", 0.0)]
    [InlineData("", null)]
    [InlineData("1", null)]
    [InlineData("s", null)]
    [InlineData("1s2", null)]
    [InlineData("-1s", null)]
    [InlineData("1.2.3s", null)]
    [InlineData("1d", null)]
    [InlineData("999999999999999h", null)]
    [InlineData("99999999999999999999999999999999s", null)]
    public void Durations_are_read_as_go_prints_them(string text, double? seconds)
    {
        Assert.Equal(seconds is not null, RateLimitHeaders.TryParseDuration(text, out var duration));
        Assert.Equal(seconds ?? 0, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("5", null, 5.0)]
    [InlineData("1.5", null, 1.5)]
    [InlineData("5", "250", 0.25)]
    [InlineData("5", "nonsense", 5.0)]
    [InlineData("Mon, 23 Nov 2026 12:00:30 GMT", null, 30.0)]
    [InlineData("Monday, 23-Nov-26 12:00:30 GMT", null, 30.0)]
    [InlineData("Mon Nov 23 12:00:30 2026", null, 30.0)]
    [InlineData("Mon, 23 Nov 2026 11:00:00 GMT", null, 0.0)]
    [InlineData("-5", null, null)]
    [InlineData("1e30", null, null)]
    [InlineData("99999999999999999999", null, null)]
    [InlineData("NaN", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void Retry_after_is_seconds_or_a_date_and_milliseconds_go_first(string? retryAfter, string? retryAfterMs, double? seconds)
    {
        Assert.Equal(seconds is not null, RateLimitHeaders.TryParseRetryAfter(retryAfter, retryAfterMs, Now, out var delay));
        Assert.Equal(seconds ?? 0, delay.TotalSeconds);
    }

    [Theory]
    [InlineData("6m0s", 360.0)]
    [InlineData("12", 12.0)]
    [InlineData("2026-11-23T12:00:10Z", 10.0)]
    [InlineData("2026-11-23T11:00:10Z", 0.0)]
    [InlineData("1795435230", 30.0)]
    [InlineData("1795435230000", 30.0)]
    [InlineData("-12", null)]
    [InlineData("whenever", null)]
    public void Resets_come_in_every_form(string value, double? seconds)
    {
        Assert.Equal(seconds is not null, RateLimitHeaders.TryParseReset(value, Now, out var delay));
        Assert.Equal(seconds ?? 0, delay.TotalSeconds, tolerance: 0.001);
    }

    [Fact]
    public void What_go_prints_comes_back() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 59], Gen.Int[0, 59_999]).Sample((hours, minutes, milliseconds) =>
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m{milliseconds / 1000m}s");
            Assert.True(RateLimitHeaders.TryParseDuration(text, out var duration));
            Assert.Equal(new TimeSpan(0, hours, minutes, 0, milliseconds), duration);
        });

    [Fact]
    public void Random_texts_never_throw() =>
        Gen.OneOf("1", "9", ".", "s", "m", "h", "-", "e", "99999999999999", "µ", "ns", ":").Array[0, 12].Select(parts => string.Concat(parts)).Sample(text =>
        {
            RateLimitHeaders.TryParseDuration(text, out _);
            RateLimitHeaders.TryParseRetryAfter(text, text, Now, out _);
            RateLimitHeaders.TryParseReset(text, Now, out _);
        });
}

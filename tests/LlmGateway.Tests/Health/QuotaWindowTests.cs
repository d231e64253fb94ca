using LlmGateway.Catalog;
using LlmGateway.Health;

namespace LlmGateway.Tests.Health;

public sealed class QuotaWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private readonly QuotaWindow _window = new();

    [Fact]
    public void Where_nothing_is_known_all_is_left()
    {
        Began(1000, Start);
        _window.Used(1_000_000, Start);

        Assert.Equal(1, _window.Headroom(null, 50, Start));
        Assert.Equal(1, _window.Headroom(new Quota(null, null, null, null, null), 50, Start));
        Assert.False(_window.IsExhausted(null, 1_000_000, 50, Start, out var until));
        Assert.Equal(Start, until);
    }

    [Fact]
    public void Requests_of_the_last_minute_count_against_the_quota()
    {
        var quota = new Quota(10, null, null, null, null);
        Began(9, Start);

        Assert.Equal(0.1, _window.Headroom(quota, 0, Start), 9);
        Assert.False(_window.IsExhausted(quota, 0, 0, Start, out _));
        Began(1, Start.AddSeconds(30));
        Assert.Equal(0, _window.Headroom(quota, 0, Start.AddSeconds(30)), 9);
        Assert.True(_window.IsExhausted(quota, 0, 0, Start.AddSeconds(30), out var until));
        Assert.Equal(Start.AddSeconds(61), until);
        Assert.False(_window.IsExhausted(quota, 0, 0, until, out _));
        Assert.Equal(0.9, _window.Headroom(quota, 0, until), 9);
    }

    [Fact]
    public void Tokens_of_the_last_minute_count_with_those_of_the_request()
    {
        var quota = new Quota(null, 1000, null, null, null);
        _window.Used(400, Start);
        _window.Used(400, Start.AddSeconds(10));

        Assert.Equal(0.2, _window.Headroom(quota, 0, Start.AddSeconds(10)), 9);
        Assert.False(_window.IsExhausted(quota, 200, 0, Start.AddSeconds(10), out _));
        Assert.True(_window.IsExhausted(quota, 201, 0, Start.AddSeconds(10), out var until));
        Assert.Equal(Start.AddSeconds(61), until);
        Assert.True(_window.IsExhausted(quota, 601, 0, Start.AddSeconds(10), out until));
        Assert.Equal(Start.AddSeconds(71), until);
    }

    [Fact]
    public void A_request_larger_than_the_quota_waits_for_all_of_it_and_no_longer()
    {
        var quota = new Quota(null, 1000, null, null, null);
        _window.Used(1, Start);

        Assert.True(_window.IsExhausted(quota, 5000, 0, Start, out var until));
        Assert.Equal(Start.AddSeconds(61), until);
        Assert.False(_window.IsExhausted(quota, 5000, 0, until, out _));
    }

    [Fact]
    public void The_day_counts_beside_the_minute()
    {
        var quota = new Quota(1000, null, null, 10, null);
        Began(10, Start);

        Assert.Equal(0, _window.Headroom(quota, 0, Start.AddHours(12)), 9);
        Assert.True(_window.IsExhausted(quota, 0, 0, Start.AddHours(12), out var until));
        Assert.Equal(Start.AddDays(1).AddMinutes(15), until);

        var tokens = new Quota(null, null, null, null, 100);
        _window.Used(75, Start);
        Assert.Equal(0.25, _window.Headroom(tokens, 0, Start.AddHours(23)), 9);
    }

    [Fact]
    public void Attempts_in_flight_count_against_the_concurrency()
    {
        var quota = new Quota(null, null, 4, null, null);

        Assert.Equal(0.25, _window.Headroom(quota, 3, Start), 9);
        Assert.False(_window.IsExhausted(quota, 0, 3, Start, out _));
        Assert.True(_window.IsExhausted(quota, 0, 4, Start, out var until));
        Assert.True(until > Start);
        Assert.Equal(0, _window.Headroom(quota, 5, Start), 9);
    }

    [Fact]
    public void What_the_provider_says_counts_less_what_was_sent_since_and_more_as_it_refills()
    {
        See(Start, ("x-ratelimit-limit-requests", "10"), ("x-ratelimit-remaining-requests", "5"), ("x-ratelimit-reset-requests", "1m40s"));

        Assert.Equal(0.5, _window.Headroom(null, 0, Start), 9);
        Began(3, Start);
        Assert.Equal(0.2, _window.Headroom(null, 0, Start), 9);
        Assert.Equal(0.3, _window.Headroom(null, 0, Start.AddSeconds(20)), 9);
        Assert.Equal(1, _window.Headroom(null, 0, Start.AddSeconds(100)), 9);
    }

    [Fact]
    public void An_empty_bucket_takes_a_request_when_one_has_refilled()
    {
        See(Start, ("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "60s"));

        Assert.True(_window.IsExhausted(null, 100, 0, Start, out var until));
        Assert.Equal(Start.AddSeconds(1), until);
        Assert.True(_window.IsExhausted(null, 100, 0, Start.AddSeconds(0.9), out _));
        Assert.False(_window.IsExhausted(null, 100, 0, Start.AddSeconds(1), out _));
        Began(1, Start.AddSeconds(1));
        Assert.True(_window.IsExhausted(null, 100, 0, Start.AddSeconds(1), out until));
        Assert.Equal(Start.AddSeconds(2), until);
    }

    [Fact]
    public void Tokens_of_an_attempt_that_the_provider_has_counted_do_not_count_again()
    {
        See(Start.AddSeconds(1), ("x-ratelimit-limit-tokens", "1000"), ("x-ratelimit-remaining-tokens", "800"), ("x-ratelimit-reset-tokens", "10m"));

        _window.Used(500, Start.AddSeconds(1), begunAt: Start);
        Assert.Equal(0.8, _window.Headroom(null, 0, Start.AddSeconds(1)), 9);
        _window.Used(500, Start.AddSeconds(1), begunAt: Start.AddSeconds(2));
        Assert.Equal(0.3, _window.Headroom(null, 0, Start.AddSeconds(1)), 9);
        Assert.True(_window.IsExhausted(null, 301, 0, Start.AddSeconds(1), out _));
        Assert.False(_window.IsExhausted(null, 300, 0, Start.AddSeconds(1), out _));
    }

    [Fact]
    public void Anthropic_gives_an_instant_and_the_scarcest_counts()
    {
        See(
            Start,
            ("anthropic-ratelimit-requests-limit", "1000"), ("anthropic-ratelimit-requests-remaining", "900"), ("anthropic-ratelimit-requests-reset", "2026-11-23T02:01:00Z"),
            ("anthropic-ratelimit-input-tokens-limit", "40000"), ("anthropic-ratelimit-input-tokens-remaining", "10000"), ("anthropic-ratelimit-input-tokens-reset", "2026-11-23T02:00:30Z"),
            ("anthropic-ratelimit-output-tokens-limit", "8000"), ("anthropic-ratelimit-output-tokens-remaining", "7000"), ("anthropic-ratelimit-output-tokens-reset", "2026-11-23T02:00:10Z"));

        Assert.Equal(0.25, _window.Headroom(null, 0, Start), 9);
        Assert.True(_window.IsExhausted(null, 20_000, 0, Start, out var until));
        Assert.Equal(Start.AddSeconds(10), until);
    }

    [Fact]
    public void Without_a_limit_the_most_that_was_left_is_one()
    {
        See(Start, ("x-ratelimit-remaining-requests", "200"));
        Assert.Equal(1, _window.Headroom(null, 0, Start), 9);
        See(Start, ("x-ratelimit-remaining-requests", "50"));
        Assert.Equal(0.25, _window.Headroom(null, 0, Start), 9);
        Assert.Equal(1, _window.Headroom(null, 0, Start.AddMinutes(1)), 9);
    }

    [Fact]
    public void Nothing_left_of_who_knows_how_much_waits_for_the_reset()
    {
        See(Start, ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "30"));

        Assert.True(_window.IsExhausted(null, 1, 0, Start, out var until));
        Assert.Equal(Start.AddSeconds(30), until);
        Assert.Equal(0, _window.Headroom(null, 0, Start));
    }

    [Theory]
    [InlineData("x-ratelimit-remaining-requests", "many")]
    [InlineData("x-ratelimit-remaining-requests", "NaN")]
    [InlineData("x-ratelimit-remaining-requests", "1e300")]
    [InlineData("x-ratelimit-remaining-requests", "")]
    [InlineData("x-ratelimit-reset-requests", "20s")]
    [InlineData("x-ratelimit-limit-requests", "20")]
    [InlineData("content-language", "en")]
    public void What_says_nothing_of_what_is_left_changes_nothing(string name, string value)
    {
        See(Start, (name, value));

        Assert.Equal(1, _window.Headroom(null, 0, Start));
        Assert.False(_window.IsExhausted(null, 10, 0, Start, out _));
    }

    [Fact]
    public void The_scarcest_of_configured_and_seen_counts()
    {
        Began(5, Start);
        See(Start, ("x-ratelimit-limit-requests", "10"), ("x-ratelimit-remaining-requests", "9"), ("x-ratelimit-reset-requests", "6s"));

        Assert.Equal(0.5, _window.Headroom(new Quota(10, null, 2, null, null), 1, Start), 9);
        Assert.Equal(0.9, _window.Headroom(new Quota(1000, null, null, null, null), 1, Start), 9);
    }

    private void Began(int times, DateTimeOffset at)
    {
        for (var i = 0; i < times; i++)
        {
            _window.Began(at);
        }
    }

    private void See(DateTimeOffset at, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        _window.Seen(response.Headers.NonValidated, at);
    }
}

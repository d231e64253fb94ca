using LlmGateway.Health;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Health;

public sealed class LatencyWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly LatencyWindow _window;

    public LatencyWindowTests() => _window = new LatencyWindow(_time);

    [Fact]
    public void At_first_nothing_is_known()
    {
        Assert.Null(_window.FirstToken);
        Assert.Null(_window.PerToken);
        Assert.Null(_window.FirstTokenP95);
        Assert.Null(_window.LastAt);
        Assert.Equal(0, _window.Count);
    }

    [Fact]
    public void Samples_of_one_instant_count_alike()
    {
        _window.Record(1, 0.01, Start);
        _window.Record(3, null, Start);

        Assert.Equal(2, _window.FirstToken!.Value, 9);
        Assert.Equal(0.01, _window.PerToken!.Value, 9);
        Assert.Equal(2, _window.Count);
        Assert.Equal(Start, _window.LastAt);
    }

    [Fact]
    public void After_a_minute_a_sample_counts_half()
    {
        _window.Record(1, 0.01, Start);
        _window.Record(4, 0.04, Start.AddSeconds(60));

        Assert.Equal(3, _window.FirstToken!.Value, 9);
        Assert.Equal(0.03, _window.PerToken!.Value, 9);
    }

    [Fact]
    public void A_clock_that_was_set_back_does_no_harm()
    {
        _window.Record(1, 0.01, Start);
        _window.Record(3, 0.03, Start.AddHours(-1));

        Assert.Equal(2, _window.FirstToken!.Value, 9);
        Assert.Equal(Start, _window.LastAt);
    }

    [Fact]
    public void The_95th_percentile_needs_twenty_samples()
    {
        for (var i = 1; i <= 19; i++)
        {
            _window.Record(i, null, Start);
        }

        Assert.Null(_window.FirstTokenP95);
        _window.Record(20, null, Start);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(19, _window.FirstTokenP95!.Value, 0.2);
    }

    [Fact]
    public void A_reading_lasts_a_second()
    {
        Fill(1, Start);
        Assert.Equal(1, _window.FirstTokenP95!.Value, 0.01);

        Fill(50, Start);
        Assert.Equal(1, _window.FirstTokenP95!.Value, 0.01);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(50, _window.FirstTokenP95!.Value, 0.5);
    }

    [Fact]
    public void The_95th_percentile_forgets_what_is_two_minutes_old()
    {
        Fill(50, Start);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(50, _window.FirstTokenP95!.Value, 0.5);

        Fill(1, Start.AddSeconds(61));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(1, _window.FirstTokenP95!.Value, 0.01);
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Null(_window.FirstTokenP95);
    }

    [Fact]
    public void After_a_long_silence_there_is_no_95th_percentile()
    {
        Fill(1, Start);
        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Null(_window.FirstTokenP95);
        Assert.Equal(1, _window.FirstToken);
    }

    [Fact]
    public void Times_beyond_the_range_are_no_error()
    {
        for (var i = 0; i < 20; i++)
        {
            _window.Record(i % 2 == 0 ? 1e9 : 0, null, Start);
        }

        Assert.Equal(3600, _window.FirstTokenP95!.Value, 40.0);
    }

    [Fact]
    public void Of_a_whole_answer_every_token_took_as_long_while_nothing_else_is_known()
    {
        _window.RecordWhole(10, 100, Start);

        Assert.Equal(0.1, _window.FirstToken!.Value, 9);
        Assert.Equal(0.1, _window.PerToken!.Value, 9);
        Assert.Null(_window.FirstTokenP95);
    }

    [Fact]
    public void Of_a_whole_answer_both_parts_are_as_much_slower_as_the_whole()
    {
        _window.Record(1, 0.01, Start);
        _window.RecordWhole(6, 201, Start);

        Assert.Equal((1 + 2) / 2.0, _window.FirstToken!.Value, 9);
        Assert.Equal((0.01 + 0.02) / 2, _window.PerToken!.Value, 9);
    }

    [Fact]
    public void A_whole_answer_without_tokens_is_all_first_token()
    {
        _window.RecordWhole(2, 0, Start);

        Assert.Equal(2, _window.FirstToken!.Value, 9);
        Assert.Null(_window.PerToken);
    }

    [Fact]
    public void What_was_measured_takes_the_place_of_what_was_derived()
    {
        _window.RecordWhole(10, 100, Start);
        _window.Record(1, null, Start);

        Assert.Equal(1, _window.FirstToken!.Value, 9);
        Assert.Null(_window.PerToken);
    }

    [Fact]
    public void Many_threads_lose_no_sample()
    {
        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _window.Record(1, 0.5, Start);
                _ = _window.FirstTokenP95;
            }
        });

        Assert.Equal(8000, _window.Count);
        Assert.Equal(1, _window.FirstToken!.Value, 9);
        Assert.Equal(0.5, _window.PerToken!.Value, 9);
    }

    private void Fill(double seconds, DateTimeOffset at)
    {
        for (var i = 0; i < 20; i++)
        {
            _window.Record(seconds, null, at);
        }
    }
}

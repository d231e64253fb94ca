using CsCheck;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Tests.Configuration;

public sealed class ValuesTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("10ms", 10)]
    [InlineData("5s", 5_000)]
    [InlineData("3m", 180_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("7d", 604_800_000)]
    public void Durations_are_read(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("5sm")]
    [InlineData("1h30m")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("100", 100)]
    [InlineData("1KB", 1_024)]
    [InlineData("50MB", 52_428_800)]
    [InlineData("2GB", 2_147_483_648)]
    public void Sizes_are_read_in_powers_of_1024(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var value));
        Assert.Equal(bytes, value.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1")]
    [InlineData("1.5MB")]
    [InlineData("1KiB")]
    [InlineData("1mb")]
    [InlineData("9223372036854775807GB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void Every_duration_reads_back_as_itself() =>
        Gen.Long[0, long.MaxValue / TimeSpan.TicksPerMillisecond].Sample(milliseconds =>
        {
            var value = new TimeSpan(milliseconds * TimeSpan.TicksPerMillisecond);
            return Durations.TryParse(Durations.Format(value), out var again) && again == value;
        });

    [Fact]
    public void Every_size_reads_back_as_itself() =>
        Gen.Long[0, long.MaxValue].Sample(bytes => ByteSize.TryParse(new ByteSize(bytes).ToString(), out var again) && again.Bytes == bytes);

    [Fact]
    public void Round_durations_and_sizes_are_shown_in_their_largest_unit()
    {
        Assert.Equal(["0s", "90s", "1h", "7d", "1500ms"], new double[] { 0, 90, 3_600, 604_800, 1.5 }.Select(seconds => Durations.Format(TimeSpan.FromSeconds(seconds))));
        Assert.Equal(["0", "1KB", "50MB", "1025"], new long[] { 0, 1_024, 50 << 20, 1_025 }.Select(bytes => new ByteSize(bytes).ToString()));
    }

    [Fact]
    public void Random_text_is_never_more_than_refused() =>
        Gen.String.Sample(text =>
        {
            Durations.TryParse(text, out _);
            ByteSize.TryParse(text, out _);
            HourRange.TryParse(text, out _);
            Instants.TryParse(text, out _);
            BaseUrl.TryParse(text, out _);
        });

    [Theory]
    [InlineData("09:00-12:00", true)]
    [InlineData("22:00-06:00", true)]
    [InlineData("00:00-24:00", true)]
    [InlineData("09:00-09:00", false)]
    [InlineData("9:00-12:00", false)]
    [InlineData("24:00-09:00", false)]
    [InlineData("09:00 12:00", false)]
    public void Hours_are_read(string text, bool readable)
    {
        Assert.Equal(readable, HourRange.TryParse(text, out var range));
        Assert.True(!readable || range.ToString() == text);
    }
}

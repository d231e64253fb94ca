using System.Text;
using LlmGateway.Protocols.Sse;

namespace LlmGateway.Protocols.Tests.Sse;

public sealed class SseFramerTests
{
    [Theory]
    [InlineData("data: {\"a\":1}\n\n")]
    [InlineData("data:{\"a\":1}\n\n")]
    [InlineData("data: {\"a\":1}\r\n\r\n")]
    [InlineData("data: {\"a\":1}\r\r")]
    [InlineData("data: {\"a\":1}\r\n\n")]
    [InlineData("data: {\"a\":1}\n\r\n")]
    [InlineData("\uFEFFdata: {\"a\":1}\n\n")]
    [InlineData(": hi\nid: 7\nretry: 10\ndata: {\"a\":1}\n\n")]
    public void Every_spelling_of_an_event_gives_the_same_payload(string stream)
    {
        var frame = Assert.Single(SseFrames.Read(stream));
        Assert.Equal("{\"a\":1}", frame.Data);
        Assert.Equal(Encoding.UTF8.GetByteCount(stream), frame.Raw.Length);
        Assert.False(frame.IsComment || frame.IsEmpty || frame.IsDone || frame.IsUnterminated);
    }

    [Fact]
    public void Only_one_space_after_the_colon_is_taken_away() =>
        Assert.Equal(" x ", Assert.Single(SseFrames.Read("data:  x \n\n")).Data);

    [Fact]
    public void Several_data_lines_are_joined_by_a_line_feed()
    {
        var frame = Assert.Single(SseFrames.Read("event: e\r\ndata: a\r\n: c\r\ndata\r\ndata:b\r\n\r\n"));
        Assert.Equal(3, frame.DataLines);
        Assert.Equal("a\n\nb", frame.Data);
        Assert.Equal("e", frame.Name);
    }

    [Theory]
    [InlineData(": keep-alive\n\n")]
    [InlineData(":\n\n")]
    [InlineData(": OPENROUTER PROCESSING\r\n: more\r\n\r\n")]
    public void A_comment_alone_is_known_as_one(string stream) => Assert.True(Assert.Single(SseFrames.Read(stream)).IsComment);

    [Fact]
    public void Blank_lines_before_an_event_stand_alone()
    {
        var frames = SseFrames.Read("\n\r\ndata: x\n\n");
        Assert.Equal([true, true, false], frames.Select(frame => frame.IsEmpty));
    }

    [Theory]
    [InlineData("data: [DONE]\n\n", true)]
    [InlineData("data:[DONE]\n\n", true)]
    [InlineData("data:  [DONE] \r\n\r\n", true)]
    [InlineData("data: [DONE]", true)]
    [InlineData("data: [DONE]x\n\n", false)]
    [InlineData("data: [done]\n\n", false)]
    [InlineData("event: [DONE]\n\n", false)]
    public void The_end_mark_is_known_with_spaces_around_it(string stream, bool done) =>
        Assert.Equal(done, Assert.Single(SseFrames.Read(stream)).IsDone);

    [Theory]
    [InlineData("data: last")]
    [InlineData("data: last\n")]
    [InlineData("data: last\r\n")]
    [InlineData("data: last\r")]
    public void An_event_without_its_blank_line_counts_at_the_end_of_the_stream(string stream)
    {
        var frame = Assert.Single(SseFrames.Read(stream));
        Assert.Equal("last", frame.Data);
        Assert.True(frame.IsUnterminated);
    }

    [Fact]
    public void A_crlf_split_between_two_reads_ends_one_line()
    {
        var framer = new SseFramer();
        Assert.False(framer.TryReadEvent("data: x\r\n\r"u8, endOfStream: false, out _));
        Assert.True(framer.TryReadEvent("data: x\r\n\r\n"u8, endOfStream: false, out var ev));
        Assert.Equal(11, ev.Length);
    }

    [Fact]
    public void A_cr_alone_is_a_blank_line_once_the_stream_ends()
    {
        var framer = new SseFramer();
        Assert.False(framer.TryReadEvent("data: x\r\r"u8, endOfStream: false, out _));
        Assert.True(framer.TryReadEvent("data: x\r\r"u8, endOfStream: true, out var ev));
        Assert.False(ev.IsUnterminated);
    }

    [Fact]
    public void Fields_whose_names_only_begin_like_ours_are_not_ours()
    {
        var frame = Assert.Single(SseFrames.Read("database: x\neventual: y\n data: z\n\n"));
        Assert.Equal((0, ""), (frame.DataLines, frame.Name));
        Assert.False(frame.IsEmpty || frame.IsComment);
    }

    [Fact]
    public void A_byte_order_mark_counts_only_at_the_start_of_the_stream()
    {
        var frames = SseFrames.Read("data: x\n\n\uFEFFdata: y\n\n");
        Assert.Equal([1, 0], frames.Select(frame => frame.DataLines));
    }

    [Fact]
    public void A_framer_that_was_reset_takes_a_new_stream()
    {
        var framer = new SseFramer();
        Assert.False(framer.TryReadEvent("data: half of an"u8, endOfStream: false, out _));
        framer.Reset();
        Assert.True(framer.TryReadEvent("\uFEFFdata: x\n\n"u8, endOfStream: false, out var ev));
        Assert.Equal(12, ev.Length);
    }

    [Fact]
    public void A_megabyte_in_single_bytes_is_scanned_once()
    {
        // Scanned anew at each call this would be 5 * 10^11 steps, and the test would not end.
        var stream = Encoding.UTF8.GetBytes("data: " + new string('x', 1 << 20) + "\n\n");
        var framer = new SseFramer();
        var found = 0;
        for (var length = 1; length <= stream.Length; length++)
            found += framer.TryReadEvent(stream.AsSpan(0, length), endOfStream: false, out _) ? 1 : 0;
        Assert.Equal(1, found);
    }
}

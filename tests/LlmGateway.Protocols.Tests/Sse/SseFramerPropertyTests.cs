using System.Text;
using CsCheck;

namespace LlmGateway.Protocols.Tests.Sse;

public sealed class SseFramerPropertyTests
{
    private const string Conversation =
        "\uFEFF: hello\n\ndata: {\"a\":\"é\"}\r\n\r\nevent: e\rdata: 1\rdata: 2\r\r\n\n: c\ndata:x\n\r\nid: 3\n\ndata: [DONE]\n\ndata: tail";

    private static readonly Gen<string> Streams = Gen.OneOf(
        "data: x", "data:", "data", "event: e", ": c", ":", "id: 1", "retry", "", "\uFEFF", "data: [DONE]", "\r", "\n", "\r\n", "\n\n", "\r\n\r\n", "é")
        .Array[0, 30].Select(parts => string.Concat(parts));

    [Fact]
    public void A_stream_cut_at_any_byte_gives_the_same_events()
    {
        var stream = Encoding.UTF8.GetBytes(Conversation);
        var whole = SseFrames.Read(stream, []);
        Assert.Equal(8, whole.Count);
        for (var cut = 0; cut <= stream.Length; cut++)
            Assert.Equal(whole, SseFrames.Read(stream, [cut]));
        Assert.Equal(whole, SseFrames.Read(stream, Enumerable.Repeat(1, stream.Length)));
    }

    [Fact]
    public void Any_stream_in_any_pieces_gives_the_same_events_and_every_byte_back() =>
        Gen.Select(Streams, Gen.Int[0, 9].Array[0, 60]).Sample((text, pieces) =>
        {
            var stream = Encoding.UTF8.GetBytes(text);
            var whole = SseFrames.Read(stream, []);
            Assert.Equal(whole, SseFrames.Read(stream, pieces));
            Assert.Equal(Encoding.Latin1.GetString(stream), string.Concat(whole.Select(frame => frame.Raw)));
        });

    [Fact]
    public void Random_bytes_come_back_whole() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, 9].Array[0, 60]).Sample((stream, pieces) =>
            Assert.Equal(Encoding.Latin1.GetString(stream), string.Concat(SseFrames.Read(stream, pieces).Select(frame => frame.Raw))));
}

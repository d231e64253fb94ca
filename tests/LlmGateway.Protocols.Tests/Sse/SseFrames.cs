using System.Buffers;
using System.Text;
using LlmGateway.Protocols.Sse;

namespace LlmGateway.Protocols.Tests.Sse;

/// <summary>What one event looked like to a caller that keeps one compacting buffer, as the gateway's tap does.</summary>
internal sealed record Frame(string Raw, string Data, string Name, int DataLines, bool IsComment, bool IsEmpty, bool IsDone, bool IsUnterminated);

internal static class SseFrames
{
    public static List<Frame> Read(byte[] stream, IEnumerable<int> pieces)
    {
        var framer = new SseFramer();
        var unread = new List<byte>();
        var frames = new List<Frame>();
        var at = 0;
        foreach (var piece in pieces.Append(stream.Length))
        {
            var size = Math.Min(Math.Max(piece, 0), stream.Length - at);
            unread.AddRange(stream.AsSpan(at, size));
            at += size;
            Drain(framer, unread, at == stream.Length, frames);
        }

        Assert.Empty(unread);
        return frames;
    }

    public static List<Frame> Read(string stream) => Read(Encoding.UTF8.GetBytes(stream), []);

    private static void Drain(SseFramer framer, List<byte> unread, bool endOfStream, List<Frame> frames)
    {
        while (framer.TryReadEvent(unread.ToArray(), endOfStream, out var ev))
        {
            var bytes = unread.ToArray();
            var data = new ArrayBufferWriter<byte>();
            ev.CopyData(bytes, data);
            if (ev.DataLines == 1)
                Assert.True(ev.Data.In(bytes).SequenceEqual(data.WrittenSpan));
            Assert.InRange(ev.Length, 1, bytes.Length);
            frames.Add(new Frame(
                Encoding.Latin1.GetString(bytes, 0, ev.Length),
                Encoding.Latin1.GetString(data.WrittenSpan),
                Encoding.Latin1.GetString(ev.Name.In(bytes)),
                ev.DataLines,
                ev.IsComment,
                ev.IsEmpty,
                ev.IsDone,
                ev.IsUnterminated));
            unread.RemoveRange(0, ev.Length);
        }
    }
}

using System.Text;
using CsCheck;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Tests.Requests;

public sealed class OutgoingBodyTests
{
    private const string Json = """{"fallbacks":[],"model":"chat","messages":[],"stream":true}""";
    private const string Sent = """{"stream_options":{"include_usage":true},"model":"up","messages":[],"stream":true}""";

    [Fact]
    public void It_reads_the_same_in_pieces_of_any_size() =>
        Gen.Int[0, 20].Array[200].Sample(
            sizes =>
            {
                using var stream = Open(Json);
                var read = new List<byte>();
                foreach (var size in sizes.Append(1_000))
                {
                    var buffer = new byte[size];
                    read.AddRange(buffer[..stream.Read(buffer)]);
                }

                Assert.Equal(Sent, Encoding.UTF8.GetString([.. read]));
            },
            iter: 200);

    [Fact]
    public async Task It_reads_forward_only_in_every_way_that_a_stream_can_be_read()
    {
        await using var stream = Open(Json);
        Assert.True(stream.CanRead);
        Assert.False(stream.CanSeek);
        Assert.False(stream.CanWrite);
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));

        var buffer = new byte[Sent.Length];
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(5, stream.Read(buffer, 0, 5));
        Assert.Equal(7, await stream.ReadAsync(buffer.AsMemory(5, 7)));
        var canceled = stream.ReadAsync(buffer.AsMemory(12), new CancellationToken(canceled: true));
        Assert.True(canceled.IsCanceled);
        await stream.ReadExactlyAsync(buffer.AsMemory(12));
        Assert.Equal(Sent, Encoding.UTF8.GetString(buffer));
        Assert.Equal(0, await stream.ReadAsync(buffer));
    }

    [Fact]
    public void Each_attempt_reads_from_the_beginning()
    {
        var body = RequestRewriter.Rewrite(Bodies.Accept(Json), ModelLiteral.Encode("up"), askUsage: true);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var reader = new StreamReader(body.OpenRead());
            Assert.Equal(Sent, reader.ReadToEnd());
        }

        Assert.Equal(Sent.Length, body.Length);
    }

    [Fact]
    public async Task No_byte_is_read_once_the_exchange_has_ended()
    {
        var request = Pooled();
        var body = RequestRewriter.Rewrite(request, ModelLiteral.Encode("up"), askUsage: true);
        var stream = body.OpenRead();
        Assert.Equal(10, stream.Read(new byte[10]));

        request.Dispose();
        request.Dispose();

        Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[10]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.ReadExactlyAsync(new byte[10]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await body.OpenRead().ReadExactlyAsync(new byte[10]));
        Assert.Throws<ObjectDisposedException>(() => request.Body);
    }

    [Fact]
    public async Task The_end_of_the_exchange_waits_for_a_copy_under_way()
    {
        var request = Pooled();
        Task end;
        using (request.Owner!.Hold())
        {
            end = Task.Run(request.Dispose);
            Assert.False(SpinWait.SpinUntil(() => end.IsCompleted, TimeSpan.FromMilliseconds(50)));
            Assert.False(request.Owner.IsReturned);
        }

        await end;
        Assert.True(request.Owner.IsReturned);
    }

    [Fact]
    public void A_disposed_stream_is_not_read()
    {
        var stream = Open(Json);
        stream.Dispose();
        Assert.False(stream.CanRead);
        Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[1]));
    }

    private static Stream Open(string json) => RequestRewriter.Rewrite(Bodies.Accept(json), ModelLiteral.Encode("up"), askUsage: true).OpenRead();

    private static InferenceRequest Pooled()
    {
        var json = Encoding.UTF8.GetBytes(Json);
        var buffer = new RequestBuffer(16);
        while (buffer.Received.Length < json.Length)
        {
            var space = buffer.GetSpace(1_000);
            var rest = json.AsMemory(buffer.Received.Length);
            rest = rest[..Math.Min(rest.Length, space.Length)];
            rest.CopyTo(space);
            buffer.Advance(rest.Length);
        }

        Assert.True(RequestReader.TryRead(EndpointKind.ChatCompletions, buffer.Received, buffer, out var request, out _));
        return request!;
    }
}

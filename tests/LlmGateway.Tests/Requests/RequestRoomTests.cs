using System.Text;
using LlmGateway.Gateway;
using LlmGateway.Requests;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Tests.Requests;

public sealed class RequestRoomTests
{
    private const string Body = """{"model":"chat","messages":[{"role":"user","content":"模型"}]}""";

    [Fact]
    public async Task A_body_may_be_split_between_reads_at_any_byte()
    {
        var body = Encoding.UTF8.GetBytes(Body);
        for (var at = 0; at <= body.Length; at++)
        {
            var exchange = Exchange([body[..at], body[at..]], at % 2 == 0 ? body.Length : null);
            Assert.Null(await new RequestRoom().EnterAsync(exchange));
            Assert.Equal(Body, Encoding.UTF8.GetString(exchange.Request!.Body.Span));
            exchange.Request.Dispose();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_body_grows_into_its_buffer(bool announced)
    {
        var json = $$"""{"model":"chat","messages":[{"role":"user","content":"{{new string('x', 700_000)}}"}]}""";
        var chunks = Encoding.UTF8.GetBytes(json).Chunk(4_099).ToArray();
        var exchange = Exchange(chunks, announced ? json.Length : null);
        Assert.Null(await new RequestRoom().EnterAsync(exchange));
        Assert.Equal(json, Encoding.UTF8.GetString(exchange.Request!.Body.Span));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_body_of_exactly_the_bound_is_read_and_one_byte_more_is_not(int more, bool accepted)
    {
        var body = Encoding.UTF8.GetBytes(Body + new string(' ', more));
        foreach (var announced in new[] { true, false })
        {
            var exchange = Exchange([body], announced ? body.Length : null, bound: body.Length - more);
            var error = await new RequestRoom().EnterAsync(exchange);
            Assert.Equal(accepted ? null : 413, error?.Status);
            Assert.Equal(accepted ? null : "request_too_large", error?.Code);
        }
    }

    [Fact]
    public async Task A_body_announced_as_too_large_is_refused_unread()
    {
        var stream = new ChunkedStream([Encoding.UTF8.GetBytes(Body)]);
        var error = await new RequestRoom().EnterAsync(Exchange(stream, contentLength: 101, bound: 100));
        Assert.Equal(413, error!.Status);
        Assert.Equal(0, stream.Given);
    }

    [Fact]
    public async Task A_body_that_turns_out_too_large_is_read_no_further_than_a_byte_beyond_the_bound()
    {
        var stream = new ChunkedStream([.. Enumerable.Repeat(new byte[100], 1_000)]);
        var error = await new RequestRoom().EnterAsync(Exchange(stream, contentLength: null, bound: 20_000));
        Assert.Equal(413, error!.Status);
        Assert.Equal(20_001, stream.Given);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("application/json", null)]
    [InlineData("Application/JSON; charset=utf-8", null)]
    [InlineData("application/vnd.api+json", null)]
    [InlineData("application/x-www-form-urlencoded", 400)]
    [InlineData("multipart/form-data; boundary=x+json", 400)]
    public async Task A_body_must_be_announced_as_JSON_if_at_all(string? contentType, int? status)
    {
        var exchange = Exchange([Encoding.UTF8.GetBytes(Body)], null);
        exchange.Http.Request.ContentType = contentType;
        Assert.Equal(status, (await new RequestRoom().EnterAsync(exchange))?.Status);
    }

    [Theory]
    [InlineData("identity", null)]
    [InlineData("gzip", 415)]
    [InlineData("br", 415)]
    [InlineData("identity, gzip", 415)]
    public async Task A_compressed_body_is_refused(string encoding, int? status)
    {
        var exchange = Exchange([Encoding.UTF8.GetBytes(Body)], null);
        exchange.Http.Request.Headers.ContentEncoding = encoding;
        Assert.Equal(status, (await new RequestRoom().EnterAsync(exchange))?.Status);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_sends_ends_the_walk_quietly()
    {
        var stream = new ChunkedStream([Encoding.UTF8.GetBytes(Body)]) { End = new IOException("reset") };
        Assert.Same(RequestErrors.ClientGone, await new RequestRoom().EnterAsync(Exchange(stream, null, 1_000)));

        stream = new ChunkedStream([]) { End = new OperationCanceledException() };
        Assert.Same(RequestErrors.ClientGone, await new RequestRoom().EnterAsync(Exchange(stream, null, 1_000)));
    }

    [Theory]
    [InlineData(413, "request_too_large")]
    [InlineData(408, "request_timeout")]
    [InlineData(400, "invalid_body")]
    public async Task What_the_server_refuses_while_reading_is_told_to_the_client(int status, string code)
    {
        var stream = new ChunkedStream([Encoding.UTF8.GetBytes(Body)]) { End = new BadHttpRequestException("no", status) };
        var error = await new RequestRoom().EnterAsync(Exchange(stream, null, 1_000));
        Assert.Equal(status, error!.Status);
        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task A_refused_body_leaves_no_request_behind()
    {
        var exchange = Exchange(["{}"u8.ToArray()], null);
        Assert.Equal(400, (await new RequestRoom().EnterAsync(exchange))!.Status);
        Assert.Null(exchange.Request);
    }

    private static Exchange Exchange(byte[][] chunks, long? contentLength, long bound = 1_000_000) => Exchange(new ChunkedStream(chunks), contentLength, bound);

    private static Exchange Exchange(Stream body, long? contentLength, long bound)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = body;
        http.Request.ContentLength = contentLength;
        return Exchanges.New(http, bound);
    }

    /// <summary>Gives at most one chunk a read, as a socket does.</summary>
    private sealed class ChunkedStream(byte[][] chunks) : MemoryStream([.. chunks.SelectMany(chunk => chunk)])
    {
        private readonly Queue<int> _sizes = new(chunks.Select(chunk => chunk.Length).Where(size => size > 0));
        private int _left;

        public long Given => Position;

        public Exception? End { get; init; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.False(buffer.IsEmpty, "A read into no space looks like the end.");
            await Task.Yield();
            if (_left == 0 && !_sizes.TryDequeue(out _left))
            {
                return End is null ? 0 : throw End;
            }

            var read = Read(buffer.Span[..Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }
    }
}

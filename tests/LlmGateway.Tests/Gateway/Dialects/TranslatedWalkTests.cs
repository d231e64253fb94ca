using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Gateway.Dialects;
using LlmGateway.Telemetry;
using LlmGateway.Tests.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Tests.Gateway.Dialects;

/// <summary>A whole answer leaves for the client when the walk has ended: what becomes of it then is counted as for chat.</summary>
public sealed class TranslatedWalkTests : IExchangeTrace, IDisposable
{
    private readonly TestMeters _meters = new();
    private readonly Drain _drain = new();
    private ExchangeSummary _summary;

    public void Dispose()
    {
        _drain.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task A_client_that_has_it_all_was_answered_well()
    {
        var http = Context(new MemoryStream());

        await WalkAsync(http, static _ => { });

        Assert.Equal(new ExchangeSummary(200, Fault.None, null), _summary);
    }

    [Fact]
    public async Task A_client_that_leaves_before_it_is_sent_is_one_that_left()
    {
        using var client = new CancellationTokenSource();
        var http = Context(new MemoryStream());
        http.RequestAborted = client.Token;

        await WalkAsync(http, _ => client.Cancel());

        Assert.Equal(new ExchangeSummary(499, Fault.Caller, "client_left"), _summary);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_it_is_sent_is_a_client_that_left()
    {
        await WalkAsync(Context(new BrokenStream()), static _ => { });

        Assert.Equal(new ExchangeSummary(499, Fault.Caller, "client_left"), _summary);
    }

    void IExchangeTrace.Record(Exchange exchange, in ExchangeSummary summary, TimeSpan elapsed) => _summary = summary;

    ExchangeRecord? IExchangeTrace.Find(string id) => null;

    IEnumerable<ExchangeRecord> IExchangeTrace.Last(int most) => [];

    private static DefaultHttpContext Context(Stream body)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        return http;
    }

    private Task WalkAsync(HttpContext http, Action<Exchange> then)
    {
        var pipeline = new InferencePipeline(
            [new Provider(then)], [], new Nothing(), new GatewayMetrics(_meters), this, _drain, new DependencyStates(), NullLogger<InferencePipeline>.Instance, TimeProvider.System);
        return pipeline.HandleAsync(http, EndpointKind.ChatCompletions, ClientDialects.Responses);
    }

    /// <summary>In the place of all rooms: a good answer of chat.</summary>
    private sealed class Provider(Action<Exchange> then) : IRoom
    {
        public string Name => "provider";

        public async ValueTask<GatewayError?> EnterAsync(Exchange exchange)
        {
            var translated = ClientDialects.Responses.Translate("""{"model":"m","input":"Hi"}"""u8.ToArray());
            exchange.Translated!.Translator = translated.Answer;
            var answer = """{"id":"c","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Yes"}}]}"""u8.ToArray();
            await exchange.Http.Response.Body.WriteAsync(answer);
            exchange.Completed = true;
            then(exchange);
            return null;
        }
    }

    private sealed class Nothing : ISnapshotSource
    {
        public event Action<Snapshot> Changed
        {
            add { }
            remove { }
        }

        public Snapshot Current => null!;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The connection is gone.");
    }
}

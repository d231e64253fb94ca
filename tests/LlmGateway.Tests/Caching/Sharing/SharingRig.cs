using System.Text;
using LlmGateway.Caching;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Sharing;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;
using LlmGateway.Tests.Caching.Semantic;
using LlmGateway.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Tests.Caching.Sharing;

/// <summary>Answers that are shared, over the real store, with a walk that does what a test says in the place of the rooms that follow.</summary>
internal sealed class SharingRig : IDisposable
{
    private readonly SemanticRig _rig = new(SemanticSettings.Off);
    private readonly SharedAnswers _answers;
    private readonly Walked _walk;
    private readonly Route _route;

    /// <param name="walk">Of a run; an error is what it ends with.</param>
    public SharingRig(Func<Exchange, Task<GatewayError?>> walk, SharingOptions? options = null)
    {
        options ??= new SharingOptions();
        _walk = new Walked(walk);
        _route = _rig.Snapshot.Routes["chat"] with { Cache = new CacheSettings(new ExactCacheSettings(), Coalesce: true, 0) };
        _answers = new SharedAnswers(_rig.Store, Flights, new RecentAnswers(), options, new Booked(), new CacheMetrics(new Meters()), NullLogger<SharedAnswers>.Instance);
    }

    public Flights Flights { get; } = new();

    /// <summary>How many runs have begun.</summary>
    public int Walks => _walk.Count;

    public Exchange Exchange(string key = "key_1", Action<Exchange>? with = null, Stream? body = null, CancellationToken left = default)
    {
        var exchange = _rig.Exchange(SemanticRig.Chat("the same", more: ",\"stream\":true,\"max_tokens\":100"), key: key);
        body ??= new MemoryStream();
        exchange.Http.Features.Set<IHttpResponseFeature>(new Begun(body));
        exchange.Http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        exchange.Http.RequestAborted = left;
        with?.Invoke(exchange);
        return exchange;
    }

    public Task<GatewayError?> AskAsync(Exchange exchange) => AskAsync(exchange, static _ => new(false));

    /// <param name="serve">Answers with what is kept, if it may.</param>
    public async Task<GatewayError?> AskAsync(Exchange exchange, Func<CacheEntry?, ValueTask<bool>> serve)
    {
        using var canonical = exchange.Request!.Canonical(exchange.Endpoint);
        exchange.CacheResult = CacheResult.Miss;
        return await _answers.EnterAsync(exchange, _walk, QuestionOf(canonical), static _ => new KeepsNothing(), serve);
    }

    /// <summary>An answer to what all ask is kept by now.</summary>
    public void Keep()
    {
        var exchange = Exchange();
        using var canonical = exchange.Request!.Canonical(exchange.Endpoint);
        var key = QuestionOf(canonical).Key;
        _rig.Store.Keep(key, _rig.EntryOf(new Looked(exchange, "chat", key, null), "an answer"));
    }

    /// <summary>What the client has been sent.</summary>
    public static string Text(Exchange exchange) => Encoding.UTF8.GetString(((MemoryStream)exchange.Http.Response.Body).ToArray());

    /// <summary>Looks again and again: what is waited for makes no event.</summary>
    public async Task UntilAsync(int readers)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Flights.Readers != readers)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose() => _rig.Dispose();

    private Question QuestionOf(CanonicalRequest canonical) => new(_route, default, CacheKey.Of("secret"u8, canonical.Bytes), canonical, _rig.Store.Stamp);

    private sealed class Walked(Func<Exchange, Task<GatewayError?>> walk) : IWalk
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public async ValueTask<GatewayError?> GoOnAsync(Exchange exchange)
        {
            Interlocked.Increment(ref _count);
            return await walk(exchange);
        }
    }

    /// <summary>A response begins with its first byte.</summary>
    private sealed class Begun(Stream body) : HttpResponseFeature
    {
        public override bool HasStarted => body.Length > 0;
    }

    private sealed class Booked : ICacheBooking
    {
        public bool Book(Exchange exchange, in CachedAnswer answer, bool given = false) => true;
    }

    private sealed class KeepsNothing : IAnswerKeeper
    {
        public int Most => 0;

        public void Answered(Exchange exchange, Attempt attempt)
        {
        }
    }

    private sealed class Meters : System.Diagnostics.Metrics.IMeterFactory
    {
        public System.Diagnostics.Metrics.Meter Create(System.Diagnostics.Metrics.MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}

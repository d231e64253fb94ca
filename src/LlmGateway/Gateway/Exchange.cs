using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway.Dialects;
using LlmGateway.Gateway.Tracing;
using LlmGateway.Keys;
using LlmGateway.Limits;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Telemetry;
using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>One client request and everything the rooms learned about it. Rooms meet only here.</summary>
internal sealed class Exchange(HttpContext http, Snapshot snapshot, EndpointKind endpoint, Guid operationId, DateTimeOffset startedAt, long startTimestamp)
{
    private int _numbers;

    /// <summary>Opens an exchange now.</summary>
    public static Exchange Open(HttpContext http, Snapshot snapshot, EndpointKind endpoint, TimeProvider time, Drain? drain = null, ClientDialect? speaks = null)
    {
        var startedAt = time.GetUtcNow();
        var exchange = new Exchange(http, snapshot, endpoint, OperationIds.Next(startedAt), startedAt, time.GetTimestamp())
        {
            Time = time,
            Drain = drain,
            Speaks = speaks,
            Translated = speaks is null ? null : TranslatedAnswer.Before(http, speaks),
        };
        var asked = http.Request.Headers[GatewayHeaders.RequestId];
        exchange.RequestId = asked.Count == 1 && Gateway.RequestId.IsSane(asked[0]) ? asked[0]! : exchange.OperationId.ToString("D");
        return exchange;
    }

    public HttpContext Http { get; } = http;

    /// <summary>The configuration that this exchange sees from start to end.</summary>
    public Snapshot Snapshot { get; } = snapshot;

    public EndpointKind Endpoint { get; } = endpoint;

    /// <summary>UUIDv7; the ledger's <c>operation_id</c>.</summary>
    public Guid OperationId { get; } = operationId;

    /// <summary>What the client is told in <c>x-request-id</c>: its own, when it sent a sane one, else <see cref="OperationId"/>.</summary>
    public string RequestId { get; set; } = "";

    public DateTimeOffset StartedAt { get; } = startedAt;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How far the gateway is on its way out; null where nobody waits for this exchange.</summary>
    public Drain? Drain { get; init; }

    /// <summary>The gateway stops, and this exchange has had its time: no further attempt is begun.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What the drain has to undo when this exchange ends.</summary>
    public CancellationTokenRegistration WhenCut { get; set; }

    /// <inheritdoc cref="WhenCut"/>
    public CancellationTokenRegistration WhenAborted { get; private set; }

    /// <summary>The instant whose prices and hours count, where a dry run asks about another than now; health is known of now alone.</summary>
    public DateTimeOffset? PricedAt { get; init; }

    /// <summary>Of the injected clock, for durations.</summary>
    public long StartTimestamp { get; } = startTimestamp;

    /// <summary>The dialect that the client speaks, where it is not chat's own; null for that.</summary>
    public ClientDialect? Speaks { get; init; }

    /// <summary>Translates what is sent to the client; null where nothing is to be translated, or nobody waits.</summary>
    public TranslatedAnswer? Translated { get; init; }

    /// <summary>The endpoint that the client called: <see cref="Endpoint"/>, or the one that its dialect was translated from.</summary>
    public EndpointKind Door => Speaks?.Door ?? Endpoint;

    public Dialect Dialect => Speaks?.Dialect ?? Dialect.OpenAI;

    /// <summary>Set by the room of keys.</summary>
    public VirtualKey? Key { get; set; }

    /// <summary>Set by the room of requests.</summary>
    public InferenceRequest? Request { get; set; }

    /// <summary>End user: of the body, else of <c>x-gateway-user</c>.</summary>
    public string? User { get; set; }

    /// <summary>Free tags for attribution, as one JSON object in UTF-8; empty for none.</summary>
    public ReadOnlyMemory<byte> Tags { get; set; }

    /// <summary>The name of the route that it counts for; null until one is found.</summary>
    public string? Route { get; set; }

    /// <summary>The route that its model name means to its key, where the room of caches has looked that up; null elsewhere.</summary>
    public Route? Asked { get; set; }

    /// <summary>What caches have to do with it; sent as <c>x-gateway-cache</c>.</summary>
    public CacheResult CacheResult { get; set; }

    /// <summary>Why caches were left aside, or who was answered before; null where there is nothing to say.</summary>
    public string? CacheNote { get; set; }

    /// <summary>Keeps its answer for others; null where nobody does.</summary>
    public IAnswerKeeper? Keeper { get; set; }

    /// <summary>How many bytes of an answer are to be put aside for <see cref="Keeper"/>; 0 for none.</summary>
    public int KeepUpTo => Keeper?.Most ?? 0;

    /// <summary>Set by the room of routing.</summary>
    public RoutePlan? Plan { get; set; }

    /// <summary>What is held for it of limits and budgets; null where none stands above it.</summary>
    public ExchangeHold? Hold { get; set; }

    /// <summary>It was refused by what this node alone knows, since Redis did not answer for it.</summary>
    public bool IsRefusedAlone { get; set; }

    /// <summary>What the client is told of its rate limits; null where it has none.</summary>
    public RateHeaders? Rates { get; set; }

    /// <summary>The bound of one choice that is sent to providers, where the client set none and a limit or budget has to be held for it.</summary>
    public long? OutputBound { get; set; }

    /// <summary>The attempt under way, or the last one.</summary>
    public Attempt? Attempt { get; set; }

    /// <summary>The attempt whose answer the client began to receive; where a stream was resumed it is not the last one.</summary>
    public Attempt? Committed { get; set; }

    /// <summary>Every attempt that was begun, in the order of their beginnings. Read it when the exchange has ended; before, see <see cref="AttemptsSoFar"/>.</summary>
    public List<Attempt> Attempts { get; } = [];

    /// <summary>The number of an attempt that is about to begin; 1 for the first. The ledger knows an attempt by it, so none is given twice.</summary>
    public int TakeNumber() => Interlocked.Increment(ref _numbers);

    /// <summary>That attempt does not begin. Its number is given again, unless another has begun since.</summary>
    public void GiveBackNumber(int number) => Interlocked.CompareExchange(ref _numbers, number - 1, number);

    /// <summary>An attempt begins. A hedge begins beside what else is done.</summary>
    public void Remember(Attempt attempt)
    {
        lock (Attempts)
        {
            Attempts.Add(attempt);
            if (IsCut)
            {
                attempt.Clock.Interrupt();
            }
        }
    }

    /// <summary>Those that have begun by now.</summary>
    public Attempt[] AttemptsSoFar()
    {
        lock (Attempts)
        {
            return [.. Attempts];
        }
    }

    /// <summary>Why the client gets an error; null while all is well.</summary>
    public GatewayError? Error { get; set; }

    /// <summary>What is being sent to the client; null until an attempt commits.</summary>
    public Answer? Answer { get; set; }

    /// <summary>Goes on with a stream that dies; null where the route does not want that, or nobody is left.</summary>
    public IStreamContinuation? Continuation { get; set; }

    /// <summary>Its trace; null where none is made.</summary>
    public ExchangeSpans? Spans { get; set; }

    /// <summary>What the gateway needs besides itself; null for an exchange that nobody asked for.</summary>
    public DependencyStates? Dependencies { get; set; }

    /// <summary>Time that providers took before the answer began: not ours.</summary>
    public TimeSpan UpstreamElapsed { get; set; }

    /// <summary>Time that the gateway added before the answer began; null until it began.</summary>
    public TimeSpan? Overhead { get; private set; }

    /// <summary>The client was sent the end of a good answer.</summary>
    public bool Completed { get; set; }

    /// <summary>The client left before that.</summary>
    public bool ClientLeft { get; set; }

    /// <summary>The code of the error event that ended a stream which had begun; null for a whole one.</summary>
    public string? Broken { get; set; }

    /// <summary>Sent as <c>x-gateway-warning</c>: what was dropped.</summary>
    public string? Warning { get; private set; }

    /// <summary>Something was dropped of what the client sent.</summary>
    public void Warn(string what) => Warning = Warning is null ? what : $"{Warning}; {what}";

    /// <summary>The same request in another place: who asks, what for, and when; nothing of what was done for it.</summary>
    public Exchange Branch(HttpContext http) => new(http, Snapshot, Endpoint, OperationId, StartedAt, StartTimestamp)
    {
        RequestId = RequestId,
        Speaks = Speaks,
        Time = Time,
        Drain = Drain,
        Key = Key,
        Request = Request,
        User = User,
        Tags = Tags,
        Route = Route,
        Asked = Asked,
        CacheResult = CacheResult,
        Spans = Spans,
        Dependencies = Dependencies,
        Warning = Warning,
    };

    /// <summary>The same asked anew, now, by nobody who waits for it: an exchange of its own.</summary>
    /// <param name="request">A copy, which outlives this exchange.</param>
    public Exchange Again(HttpContext http, InferenceRequest request)
    {
        var startedAt = Time.GetUtcNow();
        var id = OperationIds.Next(startedAt);
        return new(http, Snapshot, Endpoint, id, startedAt, Time.GetTimestamp())
        {
            RequestId = id.ToString("D"),
            Speaks = Speaks,
            Time = Time,
            Drain = Drain,
            Key = Key,
            Request = request,
            User = User,
            Tags = Tags.ToArray(),
            Route = Route,
            Asked = Asked,
            CacheResult = CacheResult.Miss,
            Dependencies = Dependencies,
        };
    }

    /// <summary>What was done for it elsewhere is its own. What is held stays there, since it ends there.</summary>
    public void Adopt(Exchange branch)
    {
        (Plan, Rates, Attempt, Committed) = (branch.Plan, branch.Rates, branch.Attempt, branch.Committed);
        (Broken, Warning, UpstreamElapsed, Overhead) = (branch.Broken, branch.Warning, branch.UpstreamElapsed, branch.Overhead);
        lock (Attempts)
        {
            Attempts.AddRange(branch.AttemptsSoFar());
        }

        _numbers = branch._numbers;
    }

    /// <summary>Ends what is in flight: an attempt under way breaks, and none follows it.</summary>
    public void CutOff()
    {
        WhenAborted = Drain!.WhenAborted(Http);
        lock (Attempts)
        {
            IsCut = true;
            foreach (var attempt in Attempts)
            {
                attempt.Clock.Interrupt();
            }
        }
    }

    /// <summary>The answer begins now: what has passed since the request came, less what providers took, is ours.</summary>
    public TimeSpan StampOverhead()
    {
        var overhead = Time.GetElapsedTime(StartTimestamp) - UpstreamElapsed;
        Overhead = overhead;
        return overhead;
    }
}

/// <summary>What caches have to do with an answer; the ledger's <c>cache_status</c>.</summary>
internal enum CacheResult
{
    /// <summary>None was asked.</summary>
    Off,

    /// <summary>None knew it.</summary>
    Miss,

    /// <summary>The same had been asked before.</summary>
    Hit,

    /// <summary>Something that means the same had been asked before.</summary>
    Semantic,

    /// <summary>The same was being asked at the time.</summary>
    Coalesced,
}

/// <summary>An endpoint of the front door.</summary>
internal enum EndpointKind
{
    ChatCompletions,
    Completions,
    Embeddings,
    Models,

    /// <summary>Anthropic's, translated to chat.</summary>
    Messages,

    /// <summary>OpenAI's successor of chat, translated to it.</summary>
    Responses,
}

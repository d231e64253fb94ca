using System.Diagnostics;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Limits;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.OpenAI.Answers;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Upstream;

/// <summary>One call to one deployment inside an exchange, from intent to settlement. The ledger has a row for each.</summary>
internal sealed class Attempt(int number, AttemptCause cause, Deployment deployment, DeploymentState state, CredentialState? credential, AttemptClock clock)
{
    /// <summary>No pause that a provider asks for is believed beyond this: a time in the wrong unit would rest it for years.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    /// <summary>1 for the first of the exchange.</summary>
    public int Number { get; } = number;

    public AttemptCause Cause { get; } = cause;

    public Deployment Deployment { get; } = deployment;

    public DeploymentState State { get; } = state;

    /// <summary>Null where the provider needs none.</summary>
    public Credential? Credential => CredentialState?.Credential;

    public CredentialState? CredentialState { get; } = credential;

    /// <summary>The breaker whose one probe this attempt is; null for any other attempt.</summary>
    public Breaker? Probe { get; init; }

    /// <summary>The price in force at this instant is the price of the attempt.</summary>
    public DateTimeOffset StartedAt { get; } = clock.StartedAt;

    public AttemptClock Clock { get; } = clock;

    /// <summary>Set where another attempt may be faster: the answer goes to the client only when it wins.</summary>
    public Race? Race { get; set; }

    /// <summary>What the client should know when this one answers; null for nothing.</summary>
    public string? Warning { get; init; }

    public DateTimeOffset? FirstEventAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Null until it has ended.</summary>
    public AttemptOutcome? Outcome { get; set; }

    /// <summary>The provider's HTTP status; null when none arrived.</summary>
    public int? Status { get; set; }

    /// <summary>The request, or a part of it, went out: the provider may have begun to work.</summary>
    public bool Sent { get; set; }

    /// <summary>The provider answered 2xx, so it may bill even where nothing more arrived.</summary>
    public bool Accepted { get; set; }

    /// <summary>What the provider said last; last one wins, never summed.</summary>
    public TokenUsage Usage { get; set; }

    public UsageSource UsageSource { get; set; }

    public bool HasMeasuredUsage => UsageSource is UsageSource.Measured;

    /// <summary>
    /// Text has come that the reported usage does not count: a provider that puts zeros into the first chunk and the figures into the last
    /// one, and never came to that.
    /// </summary>
    public bool HasUncountedText => HasMeasuredUsage && Usage.OutputTokens == 0 && ReceivedTextBytes > 0;

    /// <summary>As the provider spells it; null when none arrived.</summary>
    public string? FinishReason { get; set; }

    /// <summary>The <c>model</c> member of the answer; null when none arrived.</summary>
    public string? ModelAnswered { get; set; }

    /// <summary>Text of the answer received so far, in UTF-8 bytes.</summary>
    public long ReceivedTextBytes { get; set; }

    /// <summary>The text itself, kept only for an estimate where the provider reports no usage; bounded.</summary>
    public ReadOnlyMemory<byte> ReceivedText { get; set; }

    /// <summary>Puts the answer of a stream together as it passes, where it is to be kept; null elsewhere.</summary>
    public StreamAssembler? Assembler { get; set; }

    /// <summary>The whole answer, where it is to be kept and is no stream; empty elsewhere.</summary>
    public ReadOnlyMemory<byte> Kept { get; set; }

    /// <summary>Set by metering at the start.</summary>
    public string? PriceRef { get; set; }

    /// <summary>Set by metering; null while unpriced.</summary>
    public Money? Cost { get; set; }

    /// <summary>What of the cost is for which kind of tokens; null where that is not known.</summary>
    public CostSplit? CostSplit { get; set; }

    /// <summary>What a usage comes to by the price of this attempt; set by metering where the client is told it in the stream, null elsewhere.</summary>
    public Func<TokenUsage, Money?>? PriceUsage { get; set; }

    /// <summary>What the provider's prompt cache took off it, of which <see cref="Cost"/> is without already; null while that is not known.</summary>
    public Money? CacheSaving { get; set; }

    public PriceStatus PriceStatus { get; set; } = PriceStatus.Unpriced;

    /// <summary>Its part of what is held for the exchange; null where nothing is, and once it is given back.</summary>
    public AttemptShare? Share { get; set; }

    /// <summary>Its span, whose id the provider is told; null where no trace is made.</summary>
    public Activity? Span { get; set; }

    /// <summary>Set by the ledger at the start.</summary>
    public IIntent? Intent { get; set; }

    /// <summary>The whole answer arrived.</summary>
    public void Succeed() => Outcome ??= new AttemptOutcome(AttemptResult.Succeeded, Status);

    /// <summary>The provider failed.</summary>
    public void Fail(ErrorClass kind, UpstreamError? error = null, string? detail = null, TimeSpan? retryAfter = null) =>
        Outcome ??= new AttemptOutcome(AttemptResult.Failed, Status, kind, Redaction.Apply(error, Credential)) { Detail = detail, RetryAfter = retryAfter < LongestPause ? retryAfter : retryAfter is null ? null : LongestPause };

    /// <summary>The transport broke or was cancelled: the client's leaving, a limit of ours, or the connection, in this order.</summary>
    public void Break(Exception? exception, bool clientLeft)
    {
        if (clientLeft)
        {
            Cancel();
        }
        else if (Clock.Hit is AttemptLimit.Interrupted)
        {
            Fail(ErrorClass.Interrupted, detail: "the gateway stopped in the middle");
        }
        else if (Clock.Hit is not AttemptLimit.None)
        {
            Fail(ErrorClass.Timeout, detail: TransportFailure.Describe(Clock.Hit, Deployment.Timeouts));
        }
        else
        {
            var (kind, detail) = TransportFailure.Classify(exception, Deployment.Timeouts);
            Fail(kind, detail: detail);
        }
    }

    /// <summary>The provider said in a 2xx that it failed, in these words.</summary>
    public void FailInside(ReadOnlySpan<byte> body, in ChatChunkFacts facts)
    {
        var error = UpstreamErrorReader.Read(body);

        // The status said all was well, so only the words can tell; without any that we know it is the provider's failure.
        var bySign = facts.Error.IsEmpty ? UpstreamErrorClassifier.ClassifyFinishReason(facts.FinishReasonValue.In(body)) : null;
        var kind = bySign ?? UpstreamErrorClassifier.Classify(StatusCodes.Status200OK, Deployment.Provider.Profile, error, hasRetryAfter: false);
        Fail(kind, error, retryAfter: error.RetryAfter);
    }

    /// <summary>Usage as the provider reported it; the last report wins.</summary>
    public void Measured(TokenUsage usage)
    {
        Usage = usage;
        UsageSource = UsageSource.Measured;
    }

    /// <summary>The client left.</summary>
    public void Cancel() => Outcome ??= new AttemptOutcome(AttemptResult.Cancelled, Status);

    /// <summary>What the client is told of this failure.</summary>
    public GatewayError Error() => UpstreamFailure.ToError(this);

    /// <summary>Runs cost and settlement, once; await it before the client sees the end. The outcome must be known.</summary>
    public ValueTask SettleAsync()
    {
        var settle = Settling;
        Settling = null;
        return settle is null ? ValueTask.CompletedTask : settle();
    }

    /// <summary>Set by whoever started the attempt; null once it is settled.</summary>
    public Func<ValueTask>? Settling { private get; set; }
}

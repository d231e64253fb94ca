using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Ledger;

/// <summary>How the ledger spells what the code has as enums. The spelling is a contract; a renamed enum member must not change it.</summary>
internal static class LedgerNames
{
    public static ReadOnlySpan<byte> Of(AttemptCause cause) => cause switch
    {
        AttemptCause.Primary => "primary"u8,
        AttemptCause.Retry => "retry"u8,
        AttemptCause.Fallback => "fallback"u8,
        AttemptCause.Hedge => "hedge"u8,
        AttemptCause.Shadow => "shadow"u8,
        AttemptCause.Cache => "cache"u8,
        AttemptCause.Embedding => "embedding"u8,
        AttemptCause.Evaluation => "evaluation"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(cause)),
    };

    public static ReadOnlySpan<byte> Of(EndpointKind endpoint) => endpoint switch
    {
        EndpointKind.ChatCompletions => "chat.completions"u8,
        EndpointKind.Completions => "completions"u8,
        EndpointKind.Embeddings => "embeddings"u8,
        EndpointKind.Messages => "messages"u8,
        EndpointKind.Responses => "responses"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(endpoint)),
    };

    public static ReadOnlySpan<byte> Of(Dialect dialect) => dialect switch
    {
        Dialect.OpenAI => "openai"u8,
        Dialect.Anthropic => "anthropic"u8,
        Dialect.Gemini => "gemini"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(dialect)),
    };

    public static ReadOnlySpan<byte> Of(UsageSource source) => source switch
    {
        UsageSource.Unknown => "unknown"u8,
        UsageSource.Measured => "measured"u8,
        UsageSource.Estimated => "estimated"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    public static ReadOnlySpan<byte> Of(PriceStatus status) => status switch
    {
        PriceStatus.Priced => "priced"u8,
        PriceStatus.Unpriced => "unpriced"u8,
        PriceStatus.Estimated => "estimated"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static ReadOnlySpan<byte> Of(CacheResult cache) => cache switch
    {
        CacheResult.Off => "off"u8,
        CacheResult.Miss => "miss"u8,
        CacheResult.Hit => "hit"u8,
        CacheResult.Semantic => "semantic"u8,
        CacheResult.Coalesced => "coalesced"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(cache)),
    };

    public static ReadOnlySpan<byte> Of(ErrorClass error) => error switch
    {
        ErrorClass.UpstreamAuth => "upstream_auth"u8,
        ErrorClass.ModelAccess => "model_access"u8,
        ErrorClass.ContextLength => "context_length"u8,
        ErrorClass.ContentFilter => "content_filter"u8,
        ErrorClass.RateLimit => "rate_limit"u8,
        ErrorClass.QuotaExhausted => "quota_exhausted"u8,
        ErrorClass.Overloaded => "overloaded"u8,
        ErrorClass.Timeout => "timeout"u8,
        ErrorClass.BadGateway => "bad_gateway"u8,
        ErrorClass.BadRequest => "bad_request"u8,
        ErrorClass.Interrupted => Interrupted,
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    /// <summary>The error class of an outcome; empty where nothing failed.</summary>
    public static ReadOnlySpan<byte> Of(AttemptOutcome? outcome) => outcome switch
    {
        { Result: AttemptResult.Cancelled } => Cancelled,
        { Result: AttemptResult.Failed, Class: { } error } => Of(error),
        { Result: AttemptResult.Failed } => "bad_gateway"u8,
        _ => [],
    };

    /// <summary>The client left.</summary>
    public static ReadOnlySpan<byte> Cancelled => "cancelled"u8;

    /// <summary>The gateway died, or had to stop, while the attempt was in flight.</summary>
    public static ReadOnlySpan<byte> Interrupted => "interrupted"u8;
}

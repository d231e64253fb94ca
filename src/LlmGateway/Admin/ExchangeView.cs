using System.Text;
using LlmGateway.Gateway;
using LlmGateway.Ledger;
using LlmGateway.Upstream;

namespace LlmGateway.Admin;

/// <summary>An exchange that happened. Names and figures, nothing of a prompt or an answer, and no secret.</summary>
/// <param name="Model">What the client asked for.</param>
/// <param name="Status">What the client was answered; null where only the ledger remembers.</param>
/// <param name="Error">Code of the error that it was answered with, or that ended its stream; null for none.</param>
/// <param name="Fault">Whose fault that was.</param>
/// <param name="DurationMs">From the first byte of the request to the last of the answer.</param>
/// <param name="OverheadMs">What of it the gateway added before the answer began.</param>
/// <param name="Cache">What caches had to do with it.</param>
/// <param name="Decision">Null where it is not remembered: <paramref name="Note"/> says why.</param>
internal sealed record ExchangeView(
    string? RequestId,
    string OperationId,
    string? Tenant,
    string? Project,
    string? KeyId,
    string? KeyName,
    string Endpoint,
    bool Stream,
    string? Route,
    string? Model,
    int? Status,
    string? Error,
    string? Fault,
    DateTime StartedAt,
    DateTime? FinishedAt,
    double? DurationMs,
    double? OverheadMs,
    ExchangeCacheView Cache,
    DecisionView? Decision,
    IReadOnlyList<AttemptView> Attempts,
    string? Note)
{
    public static ExchangeView Of(ExchangeRecord record)
    {
        var facts = record.Facts;
        return new ExchangeView(
            facts.RequestId, facts.OperationId.ToString("D"), facts.Key.Tenant, facts.Key.Project, facts.Key.Id, facts.Key.Name,
            GatewayMetrics.EndpointName(facts.Endpoint), facts.Request.Stream, facts.Route, facts.Model,
            facts.Summary.Status, facts.Summary.Error, facts.Summary.Fault.ToString().ToLowerInvariant(),
            facts.StartedAt.UtcDateTime, (facts.StartedAt + facts.Elapsed).UtcDateTime,
            Math.Round(facts.Elapsed.TotalMilliseconds, 3), facts.Overhead is { } overhead ? Math.Round(overhead.TotalMilliseconds, 3) : null,
            new ExchangeCacheView(CacheNames.Of(facts.Cache), facts.CacheNote),
            Decided(record), [.. record.Attempts.Select(AttemptView.Of)],
            facts.Route is null ? "It ended before a route was chosen."
            : IsFromCache(facts.Cache) ? "No provider was asked for it, so nothing was decided."
            : record.LeftOut > 0 ? $"{record.LeftOut} more deployments were considered than are kept; every one that was asked is here."
            : null);
    }

    private static bool IsFromCache(CacheResult cache) => cache is not (CacheResult.Off or CacheResult.Miss);

    private static DecisionView? Decided(ExchangeRecord record)
    {
        var facts = record.Facts;
        var refusal = record.Steps.Count == 0 ? new RefusalView(facts.Summary.Status, facts.Summary.Error, null) : null;
        return facts.Route is null || IsFromCache(facts.Cache) ? null : DecisionView.Of(
            facts.Route, facts.StartedAt, facts.Endpoint, facts.Request, record.Decisions, record.Steps, refusal, VerdictView.Of);
    }
}

/// <summary>What caches had to do with an exchange.</summary>
/// <param name="Result">As <c>x-gateway-cache</c> said it.</param>
/// <param name="Note">Of <c>off</c>, why; of an answer that had been given before, the request id that it was given to first. Null for neither.</param>
internal sealed record ExchangeCacheView(string Result, string? Note);

/// <summary>One call to one deployment, in the words of the ledger.</summary>
/// <param name="Credential">Its name; null where none is needed, or only the ledger remembers.</param>
/// <param name="Status">The provider's; null where none arrived.</param>
/// <param name="Outcome"><c>succeeded</c>, <c>failed</c>, <c>cancelled</c>; null while it has not ended.</param>
/// <param name="ErrorClass">As in the ledger; null where nothing failed.</param>
/// <param name="Detail">Which limit ran out, which connection broke.</param>
internal sealed record AttemptView(
    int Attempt,
    string Cause,
    string? Deployment,
    string? Credential,
    int? Status,
    string? Outcome,
    string? ErrorClass,
    string? Detail,
    string? FinishReason,
    string? ModelAnswered,
    DateTime StartedAt,
    DateTime? FirstEventAt,
    DateTime? FinishedAt,
    AttemptUsageView? Usage,
    string UsageSource,
    MoneyView? Cost,
    string PriceStatus,
    string? PriceRef)
{
    public static AttemptView Of(AttemptFacts attempt) => new(
        attempt.Number,
        Text(LedgerNames.Of(attempt.Cause))!,
        attempt.Deployment,
        attempt.Credential,
        attempt.Status,
        attempt.Result?.ToString().ToLowerInvariant(),
        attempt.Result switch
        {
            AttemptResult.Failed when attempt.Class is { } kind => Text(LedgerNames.Of(kind)),
            AttemptResult.Cancelled => Text(LedgerNames.Cancelled),
            _ => null,
        },
        attempt.Detail,
        attempt.FinishReason,
        attempt.ModelAnswered,
        attempt.StartedAt.UtcDateTime,
        attempt.FirstEventAt?.UtcDateTime,
        attempt.FinishedAt?.UtcDateTime,
        attempt.UsageSource is Upstream.UsageSource.Unknown ? null : new AttemptUsageView(
            attempt.Usage.InputTokens, attempt.Usage.CachedInputTokens, attempt.Usage.CacheWriteTokens, attempt.Usage.OutputTokens, attempt.Usage.ReasoningTokens),
        Text(LedgerNames.Of(attempt.UsageSource))!,
        MoneyView.Of(attempt.Cost),
        Text(LedgerNames.Of(attempt.PriceStatus))!,
        attempt.PriceRef);

    private static string? Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);
}

/// <summary>Tokens of one attempt; cached and written ones are parts of the input, reasoning of the output.</summary>
internal sealed record AttemptUsageView(long? InputTokens, long? CachedInputTokens, long? CacheWriteTokens, long? OutputTokens, long? ReasoningTokens);

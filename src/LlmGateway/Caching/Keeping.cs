using System.Text.Json;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Sharing;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.OpenAI.Answers;
using LlmGateway.Upstream;

namespace LlmGateway.Caching;

/// <summary>Keeps the answer of one exchange, should it be one to be given again.</summary>
/// <param name="rules">Null where nothing is kept, and only others wait for it.</param>
/// <param name="stamp">The purges that were known when the request began.</param>
internal sealed class Keeping(
    IEntryStore store, CacheMetrics metrics, ILogger logger, CacheKey key, Route route, ExactCacheSettings? rules, TimeSpan ttl, PurgeStamp stamp) : IAnswerKeeper
{
    /// <inheritdoc/>
    public int Most => rules?.MaxEntry ?? 0;

    /// <summary>The run whose answer it is; null where the exchange runs by itself.</summary>
    public SharedRun? Run { get; init; }

    /// <summary>Told once an answer is kept, before the client sees its end.</summary>
    public Action<Exchange, CacheEntry>? Kept { get; init; }

    /// <inheritdoc/>
    public void Answered(Exchange exchange, Attempt attempt)
    {
        if (Run is not null)
        {
            Run.Answer = CachedAnswers.Of(exchange, attempt);
        }

        // A stream that another deployment went on with is two answers sewn together: good enough for one client, not for all that follow.
        if (rules is not null && ReferenceEquals(attempt, exchange.Committed))
        {
            try
            {
                Keep(exchange, attempt, rules);
            }
            catch (Exception defect)
            {
                logger.NotKept(defect, exchange.RequestId);
            }
        }
    }

    private void Keep(Exchange exchange, Attempt attempt, ExactCacheSettings settings)
    {
        if (!TryRead(attempt, out var document, out var summary) || document.Length > settings.MaxEntry)
        {
            metrics.Skipped(route.Name, "unreadable");
            return;
        }

        if (WhyNot(exchange, in summary, settings) is { } reason)
        {
            metrics.Skipped(route.Name, reason);
            return;
        }

        var now = exchange.Time.GetUtcNow();
        var entry = new CacheEntry
        {
            Document = document,
            Kind = (byte)KeptKind.Answer,
            Tenant = exchange.Key!.Tenant,
            Project = exchange.Key.Project,
            KeyId = exchange.Key.Id,
            Route = route.Name,
            Deployment = attempt.Deployment.Name,
            ModelAnswered = attempt.ModelAnswered ?? attempt.Deployment.Model,
            Tags = TagsOf(exchange.Tags.Span),
            StoredAt = now,
            ExpiresAt = now + ttl,
            StaleUntil = settings.Stale > TimeSpan.Zero ? now + ttl + settings.Stale : null,
            Cost = attempt.Cost,
            Took = (attempt.FinishedAt ?? now) - attempt.StartedAt,
            InputTokens = attempt.Usage.InputTokens,
            OutputTokens = attempt.Usage.OutputTokens,
            RequestId = exchange.RequestId,
            Stamp = stamp,
        };
        store.Keep(key, entry);
        Kept?.Invoke(exchange, entry);
    }

    /// <summary>What was cut off at a bound of the caller's own limits is no answer for anybody else, whatever the route keeps.</summary>
    private static string? WhyNot(Exchange exchange, in AnswerSummary summary, ExactCacheSettings settings) =>
        exchange.OutputBound is not null && summary.EndedBy(FinishReason.Length) ? "bounded" : AnswerRules.WhyNot(in summary, settings, exchange.Request!.Returned);

    private static bool TryRead(Attempt attempt, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? document, out AnswerSummary summary)
    {
        if (attempt.Assembler is { } assembler)
        {
            return assembler.TryComplete(out document, out summary);
        }

        return WholeAnswer.TryRead(attempt.Kept.Span, out document, out summary);
    }

    /// <summary>As a purge names them: <c>team=a</c>.</summary>
    internal static string[] TagsOf(ReadOnlySpan<byte> tags)
    {
        if (tags.IsEmpty)
        {
            return [];
        }

        var found = new List<string>();
        var reader = new Utf8JsonReader(tags);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (reader.TokenType is JsonTokenType.String)
            {
                found.Add($"{name}={reader.GetString()}");
            }

            reader.Skip();
        }

        return [.. found];
    }
}

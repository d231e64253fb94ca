using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.OpenAI.Answers;
using LlmGateway.Upstream;

namespace LlmGateway.Caching;

/// <summary>Keeps the vectors of an answer, an input each, with its share of tokens and cost.</summary>
internal sealed class VectorKeeping(IEntryStore store, ILogger logger, Question question, InputBatch batch) : IAnswerKeeper
{
    /// <summary>Decimal places of a share of a cost; the ledger keeps fewer.</summary>
    private const int Decimals = 15;

    /// <inheritdoc/>
    public int Most => int.MaxValue;

    /// <summary>Every input that was asked for has a vector, of the same model as those that were kept.</summary>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public void Answered(Exchange exchange, Attempt attempt)
    {
        try
        {
            Keep(exchange, attempt);
        }
        catch (Exception defect)
        {
            logger.NotKept(defect, exchange.RequestId);
        }
    }

    private void Keep(Exchange exchange, Attempt attempt)
    {
        var model = attempt.ModelAnswered ?? attempt.Deployment.Model;
        if ((batch.Model is not null && batch.Model != model) ||
            !EmbeddingAnswer.TryRead(attempt.Kept.Span, out var answer) || answer.Vectors.Count != batch.Missing.Count)
        {
            return;
        }

        var now = exchange.Time.GetUtcNow();
        var took = (attempt.FinishedAt ?? now) - attempt.StartedAt;
        var shares = Shares(attempt.Usage.InputTokens);
        for (var i = 0; i < shares.Length; i++)
        {
            var input = batch.Missing[i];
            ReadOnlyMemory<byte> vector = answer.Vectors[i].Value.In(attempt.Kept.Span).ToArray();
            batch.Came(input, vector, shares[i]);
            if (vector.Length <= question.Route.Cache.Rules.MaxEntry)
            {
                store.Keep(batch.KeyOf(input), Entry(exchange, attempt, model, vector, shares[i], now, took));
            }
        }

        IsComplete = true;
    }

    private CacheEntry Entry(Exchange exchange, Attempt attempt, string model, ReadOnlyMemory<byte> vector, long tokens, DateTimeOffset now, TimeSpan took) => new()
    {
        Document = vector,
        Kind = (byte)KeptKind.Vector,
        Tenant = exchange.Key!.Tenant,
        Project = exchange.Key.Project,
        KeyId = exchange.Key.Id,
        Route = question.Route.Name,
        Deployment = attempt.Deployment.Name,
        ModelAnswered = model,
        Tags = Keeping.TagsOf(exchange.Tags.Span),
        StoredAt = now,
        ExpiresAt = now + question.Ttl,
        Cost = CostOf(attempt, tokens),
        Took = took,
        InputTokens = tokens,
        RequestId = exchange.RequestId,
        Stamp = question.Stamp,
    };

    private Money? CostOf(Attempt attempt, long tokens) => attempt.Cost is not { } cost ? null
        : cost with { Amount = decimal.Round(attempt.Usage.InputTokens == 0 ? cost.Amount / batch.Missing.Count : cost.Amount * tokens / attempt.Usage.InputTokens, Decimals) };

    /// <summary>Divides tokens by the size of inputs: the provider tells but their sum. The shares sum up to it.</summary>
    private long[] Shares(long tokens)
    {
        var shares = new long[batch.Missing.Count];
        long all = 0;
        foreach (var input in batch.Missing)
        {
            all += question.Canonical.Input(input).Length;
        }

        long size = 0;
        long given = 0;
        for (var i = 0; i < shares.Length; i++)
        {
            size += question.Canonical.Input(batch.Missing[i]).Length;
            var upTo = all == 0 ? tokens * (i + 1) / shares.Length : (long)((Int128)tokens * size / all);
            shares[i] = upTo - given;
            given = upTo;
        }

        return shares;
    }
}

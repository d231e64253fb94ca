using System.Buffers;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Sharing;
using LlmGateway.Gateway;
using LlmGateway.Protocols.OpenAI.Answers;
using LlmGateway.Upstream;

namespace LlmGateway.Caching;

/// <summary>Vectors of embeddings, kept an input each: of a batch, a provider is asked only for what is new.</summary>
internal sealed class EmbeddingCache(IEntryStore store, CacheKeys keys, SharingOptions sharing, ICacheBooking booking, CacheMetrics metrics, ILogger<EmbeddingCache> logger)
{
    public async ValueTask<GatewayError?> EnterAsync(Exchange exchange, IWalk rest, Question question)
    {
        if (question.Route.Cache.Exact is null || question.Canonical.InputCount == 0)
        {
            if (question.Wishes.Mode is CacheMode.Only)
            {
                return CacheErrors.NotKept;
            }

            metrics.Answered(exchange, CacheResult.Off);
            return await rest.GoOnAsync(exchange);
        }

        var batch = await FindAsync(exchange, question);
        if (batch.Missing.Count == 0)
        {
            return await ServeAsync(exchange, rest, batch);
        }

        if (question.Wishes.Mode is CacheMode.Only)
        {
            return CacheErrors.NotKept;
        }

        exchange.CacheResult = CacheResult.Miss;
        metrics.Answered(exchange, CacheResult.Miss);
        if (batch.IsWhollyNew)
        {
            // Nothing to put together: the client gets the provider's own answer.
            exchange.Keeper = new VectorKeeping(store, logger, question, batch);
            return await rest.GoOnAsync(exchange);
        }

        return await AskForTheRestAsync(exchange, rest, question, batch);
    }

    /// <summary>All of it is kept.</summary>
    private async ValueTask<GatewayError?> ServeAsync(Exchange exchange, IWalk rest, InputBatch batch)
    {
        exchange.CacheResult = CacheResult.Hit;
        if (!booking.Book(exchange, batch.Saved))
        {
            // Nor can an attempt be booked, and that says so.
            exchange.CacheResult = CacheResult.Miss;
            metrics.Answered(exchange, CacheResult.Miss);
            return await rest.GoOnAsync(exchange);
        }

        metrics.Answered(exchange, CacheResult.Hit);
        metrics.Saved(exchange, batch.Saved);
        await WriteAsync(exchange, batch, answered: null);
        return null;
    }

    private async ValueTask<GatewayError?> AskForTheRestAsync(Exchange exchange, IWalk rest, Question question, InputBatch batch)
    {
        using var subset = question.Canonical.WithInputs(exchange.Request!, [.. batch.Missing]);
        var run = new SharedRun(exchange, sharing, logger, pinned: true);
        await using var leaving = exchange.Http.RequestAborted.UnsafeRegister(static state => ((SharedRun)state!).Abort(), run);
        run.Exchange.Request = subset;
        var keeping = new VectorKeeping(store, logger, question, batch);
        run.Exchange.Keeper = keeping;
        await run.WalkAsync(rest, static _ => { });

        // Also for a client that has left: what was done for it is its own.
        exchange.Adopt(run.Exchange);
        exchange.Http.RequestAborted.ThrowIfCancellationRequested();
        if (run.Error is { } error)
        {
            return error;
        }

        if (!keeping.IsComplete)
        {
            // No vector an input, or another model's: all of them at once, and in the place of those that are kept.
            exchange.Keeper = new VectorKeeping(store, logger, question, batch.Anew());
            return await rest.GoOnAsync(exchange);
        }

        if (batch.HasFound && booking.Book(exchange, batch.Saved, given: true))
        {
            metrics.Saved(exchange, batch.Saved);
        }

        await WriteAsync(exchange, batch, run.Exchange.Attempt);
        return null;
    }

    private async ValueTask<InputBatch> FindAsync(Exchange exchange, Question question)
    {
        var inputs = new CacheKey[question.Canonical.InputCount];
        var finds = new Task<CacheEntry?>?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = keys.OfInput(exchange, question.Route, question.Canonical, i);
            finds[i] = question.MayFind ? store.FindAsync(inputs[i], exchange.Http.RequestAborted).AsTask() : null;
        }

        var batch = new InputBatch(inputs);
        var now = exchange.Time.GetUtcNow();
        for (var i = 0; i < inputs.Length; i++)
        {
            if (finds[i] is { } find && await find is { Kind: (byte)KeptKind.Vector } entry && entry.ExpiresAt > now && now - entry.StoredAt < question.Ttl)
            {
                batch.Found(i, entry);
            }
            else
            {
                batch.Lacks(i);
            }
        }

        return batch;
    }

    /// <param name="answered">The attempt that gave some of the vectors; null where none did.</param>
    private static async ValueTask WriteAsync(Exchange exchange, InputBatch batch, Attempt? answered)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        EmbeddingWriter.Begin(body);
        for (var i = 0; i < batch.Count; i++)
        {
            EmbeddingWriter.WriteVector(i, batch[i].Span, body);
        }

        var model = System.Text.Json.JsonEncodedText.Encode(batch.Model ?? answered?.ModelAnswered ?? exchange.Request!.Model);
        EmbeddingWriter.End(model.EncodedUtf8Bytes, batch.Tokens, body);
        CachedResponse.ApplyHead(exchange, answered?.Deployment.Name ?? batch.Saved.Deployment, exchange.Time.GetUtcNow() - batch.Oldest, batch.Saved.Saved?.Currency);
        if (answered is not null)
        {
            CachedResponse.ApplyAttempt(exchange, answered);
        }

        await CachedResponse.WriteAsync(exchange, body.WrittenMemory);
    }
}

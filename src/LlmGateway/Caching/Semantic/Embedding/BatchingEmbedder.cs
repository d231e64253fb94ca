namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>
/// An embedder behind a network: texts of one tenant and key go together, the answer comes in time or not at all, and what was asked for
/// lately is not asked again.
/// </summary>
internal sealed class BatchingEmbedder(IEmbeddingTransport transport, BatchingOptions options, TimeProvider time, ILogger<BatchingEmbedder> logger) : IEmbedder
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EmbeddingContext, EmbeddingBatch> _open = [];
    private readonly VectorCache _cache = new(options.CacheBytes);
    private readonly EmbeddingCircuit _circuit = new(options, time, logger);

    public string Id => options.Id;

    public int Dimensions => options.Dimensions;

    /// <summary>That the vectors of texts asked for lately take.</summary>
    public long CacheBytes => _cache.Bytes;

    public ValueTask<EmbeddingResult> EmbedAsync(string text, EmbeddingContext context, CancellationToken cancellation)
    {
        if (text.Length == 0 || text.Length > options.MostCharacters)
        {
            return new(EmbeddingResult.Without(text.Length == 0 ? EmbeddingGap.Empty : EmbeddingGap.TooLong));
        }

        if (cancellation.IsCancellationRequested)
        {
            return new(EmbeddingResult.Without(EmbeddingGap.Cancelled));
        }

        var key = VectorCache.KeyOf(context.Tenant, text);
        if (_cache.TryGet(key, out var known))
        {
            return new(known);
        }

        return _circuit.Rests ? new(EmbeddingResult.Without(EmbeddingGap.Resting)) : WaitAsync(Join(text, key, context), cancellation);
    }

    private static async ValueTask<EmbeddingResult> WaitAsync(Task<EmbeddingResult> answer, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled)
        {
            return await answer;
        }

        // In the place of WaitAsync, which throws. Others may wait for the same answer: only this one leaves.
        var gone = new TaskCompletionSource<EmbeddingResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var leaving = cancellation.UnsafeRegister(
            static gone => ((TaskCompletionSource<EmbeddingResult>)gone!).TrySetResult(EmbeddingResult.Without(EmbeddingGap.Cancelled)), gone);
        return await await Task.WhenAny(answer, gone.Task);
    }

    private Task<EmbeddingResult> Join(string text, TextKey key, EmbeddingContext context)
    {
        Task<EmbeddingResult> answer;
        EmbeddingBatch? batch;
        lock (_gate)
        {
            if (!_open.TryGetValue(context, out batch))
            {
                batch = new EmbeddingBatch(context, time.GetTimestamp());
                _open.Add(context, batch);
                batch.Window = time.CreateTimer(batch => Close((EmbeddingBatch)batch!), batch, options.Window, Timeout.InfiniteTimeSpan);
            }

            answer = batch.Join(text, key);
            if (batch.Texts.Count < options.MostInputs)
            {
                return answer;
            }

            // Here, since whoever came between this lock and another would be one too many.
            _open.Remove(context);
        }

        Send(batch);
        return answer;
    }

    private void Close(EmbeddingBatch batch)
    {
        lock (_gate)
        {
            // Full and out of time at once.
            if (!_open.TryGetValue(batch.Context, out var open) || open != batch)
            {
                return;
            }

            _open.Remove(batch.Context);
        }

        Send(batch);
    }

    private void Send(EmbeddingBatch batch)
    {
        batch.Dispose();
        _ = SendAsync(batch);
    }

    // They hear of it when the circuit has: who goes on from here to another call meets it as it is.
    private async Task SendAsync(EmbeddingBatch batch) => batch.Finish(await _circuit.RunAsync(CallInTimeAsync, batch));

    private async ValueTask<EmbeddingGap> CallInTimeAsync(EmbeddingBatch batch)
    {
        var left = options.Deadline - time.GetElapsedTime(batch.OpenedAt);
        using var answered = new CancellationTokenSource();
        var late = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, answered.Token);
        var call = CallAsync(batch);
        if (await Task.WhenAny(call, late) != call)
        {
            return EmbeddingGap.Late;
        }

        await answered.CancelAsync();
        return await call;
    }

    /// <summary>Goes on when nobody waits any more, so that the next who asks has the answer.</summary>
    private async Task<EmbeddingGap> CallAsync(EmbeddingBatch batch)
    {
        using var ending = new CancellationTokenSource(options.CallTimeout, time);
        EmbeddingReply reply;
        try
        {
            reply = await transport.EmbedAsync(batch.Texts, batch.Context, ending.Token);
        }
        catch (Exception failure)
        {
            // Whatever it is, a request must not fail for want of a vector.
            logger.EmbeddingFailed(failure, options.Id);
            return EmbeddingGap.Failed;
        }

        return reply.Vectors is not { } vectors ? reply.Gap
            : vectors.Count != batch.Texts.Count ? EmbeddingGap.WrongCount
            : Answer(batch, vectors);
    }

    /// <returns>What is wrong with the first vector that is not as it should be.</returns>
    private EmbeddingGap Answer(EmbeddingBatch batch, IReadOnlyList<float[]> vectors)
    {
        var gap = EmbeddingGap.None;
        var results = new EmbeddingResult[vectors.Count];
        for (var i = 0; i < vectors.Count; i++)
        {
            var result = results[i] = UnitVector.From(vectors[i], options.Dimensions);
            if (result.HasVector)
            {
                _cache.Set(batch.KeyOf(i), result);
            }
            else if (gap is EmbeddingGap.None)
            {
                gap = result.Gap;
            }
        }

        batch.Answered(results);
        return gap;
    }
}

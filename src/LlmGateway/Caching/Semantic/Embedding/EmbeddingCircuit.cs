using Polly;
using Polly.CircuitBreaker;

namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>The circuit breaker of Polly around calls whose failures are values.</summary>
internal sealed class EmbeddingCircuit
{
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<EmbeddingGap> _pipeline;
    private long _restsUntil; // UTC ticks; 0 while closed

    public EmbeddingCircuit(BatchingOptions options, TimeProvider time, ILogger logger)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder<EmbeddingGap> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<EmbeddingGap>
            {
                FailureRatio = options.FailureRatio,
                SamplingDuration = options.BreakerWindow,
                MinimumThroughput = options.BreakerMinimum,
                // In the place of BreakDuration, which must be half a second or more.
                BreakDurationGenerator = _ => new ValueTask<TimeSpan>(options.BreakerOpen),

                // One tenant's empty budget must not take the embedder from the others.
                ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Result is not (EmbeddingGap.None or EmbeddingGap.Refused)),
                OnOpened = arguments =>
                {
                    Volatile.Write(ref _restsUntil, (time.GetUtcNow() + arguments.BreakDuration).UtcTicks);
                    logger.EmbedderRests(options.Id, arguments.BreakDuration, arguments.Outcome.Result);
                    return default;
                },
                OnClosed = _ =>
                {
                    Volatile.Write(ref _restsUntil, 0);
                    logger.EmbedderBack(options.Id);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>A call would be refused now. Polly says so only when it is asked for a call, for which a text would wait in vain.</summary>
    public bool Rests => Volatile.Read(ref _restsUntil) is not 0 and var until && until > _time.GetUtcNow().UtcTicks;

    /// <returns>What the call came to; <see cref="EmbeddingGap.Resting"/> where it was not made.</returns>
    public async ValueTask<EmbeddingGap> RunAsync<TState>(Func<TState, ValueTask<EmbeddingGap>> call, TState state)
    {
        var context = ResilienceContextPool.Shared.Get();
        var outcome = await _pipeline.ExecuteOutcomeAsync(
            static async (_, call) => Outcome.FromResult(await call.Function(call.State)), context, (Function: call, State: state));
        ResilienceContextPool.Shared.Return(context);
        return outcome.Exception is null ? outcome.Result : EmbeddingGap.Resting;
    }
}

using LlmGateway.Gateway;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace LlmGateway.Caching.Entries;

/// <summary>
/// What the cache does with the connection to Redis: each call waits for a bounded time, and where too many had no answer there are none for a while. What
/// goes wrong is a value here, and nothing above this sees an exception of Redis.
/// </summary>
internal sealed class SharedLink
{
    private readonly IRedisConnection _connection;
    private readonly EntryStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _breaker;

    public SharedLink(IRedisConnection connection, EntryStoreOptions options, TimeProvider time, ILogger<SharedLink> logger)
    {
        (_connection, _options, _time) = (connection, options, time);

        // Never disposed: it would end the connection, which is not its own.
        Cache = new RedisCache(new RedisCacheOptions
        {
            InstanceName = SharedNames.Entries,
            ConnectionMultiplexerFactory = () => connection.Ready,
        });
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = options.FailureRatio,
                SamplingDuration = options.FailureWindow,
                MinimumThroughput = options.FailureMinimum,
                BreakDuration = options.Break,
                OnOpened = opened =>
                {
                    logger.CacheLeavesRedis(opened.Outcome.Exception?.GetType().Name, options.Break);
                    return default;
                },
                OnClosed = _ =>
                {
                    logger.CacheHasRedis();
                    return default;
                },
            })
            .Build();
    }

    public IDistributedCache Cache { get; }

    /// <summary>Null until the connection is set up.</summary>
    public IConnectionMultiplexer? Connection => _connection.Ready is { IsCompletedSuccessfully: true, Result: var connection } ? connection : null;

    /// <summary>Waits for the connection to be set up, but not for long.</summary>
    public async Task ConnectAsync()
    {
        try
        {
            await _connection.Ready.WaitAsync(_options.BackgroundTimeout, _time);
        }
        catch (Exception)
        {
            // Who set it up says what is wrong; here it is away.
        }
    }

    /// <summary>Runs a call that a request waits for, unless Redis is left alone.</summary>
    /// <returns>False when there was no answer.</returns>
    public ValueTask<(bool Answered, T? Value)> CallAsync<T>(Func<IConnectionMultiplexer, Task<T>> call, CancellationToken cancellation) =>
        GuardAsync(call, _options.RedisTimeout, cancellation);

    /// <summary>Runs a call that no request waits for, unless Redis is left alone.</summary>
    public ValueTask<(bool Answered, T? Value)> CallLaterAsync<T>(Func<IConnectionMultiplexer, Task<T>> call) =>
        GuardAsync(call, _options.BackgroundTimeout, CancellationToken.None);

    /// <summary>Runs a call also while Redis is left alone: it is one now and then, and finds out.</summary>
    public async ValueTask<(bool Answered, T? Value)> TryAsync<T>(Func<IConnectionMultiplexer, Task<T>> call)
    {
        var outcome = await RunAsync(call, _options.BackgroundTimeout, CancellationToken.None);
        return (outcome.Exception is null, outcome.Result);
    }

    private async ValueTask<(bool Answered, T? Value)> GuardAsync<T>(
        Func<IConnectionMultiplexer, Task<T>> call, TimeSpan timeout, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        var outcome = await _breaker.ExecuteOutcomeAsync(
            static (context, state) => state.Self.RunAsync(state.Call, state.Timeout, context.CancellationToken), context, (Self: this, Call: call, Timeout: timeout));
        ResilienceContextPool.Shared.Return(context);
        return (outcome.Exception is null, outcome.Result);
    }

    private async ValueTask<Outcome<T>> RunAsync<T>(Func<IConnectionMultiplexer, Task<T>> call, TimeSpan timeout, CancellationToken cancellation)
    {
        if (Connection is not { } connection)
        {
            return Outcome.FromException<T>(new TimeoutException());
        }

        try
        {
            var running = call(connection);
            if (!running.IsCompleted)
            {
                // Of a call that nobody waits for any more nobody hears what became of it.
                _ = running.ContinueWith(
                    static abandoned => abandoned.Exception, CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            return Outcome.FromResult(await running.WaitAsync(timeout, _time, cancellation));
        }
        catch (Exception failure)
        {
            return Outcome.FromException<T>(failure);
        }
    }
}

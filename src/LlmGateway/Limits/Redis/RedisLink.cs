using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Telemetry;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>How Redis is.</summary>
internal enum LinkState
{
    /// <summary>It is left alone.</summary>
    Down,

    /// <summary>It answers, but does not know yet what happened while it did not.</summary>
    Returning,

    Up,
}

/// <summary>
/// The connection to Redis. A request's call ends with its answer, or when nothing of Redis was heard for <see cref="LimitOptions.RedisSilence"/>: Redis
/// is away then, and there are no calls any more until it is back. Never is one request told to go without it while others go by it.
/// </summary>
internal sealed class RedisLink(
    Secret connection, LimitOptions options, DependencyStates states, RedisMetrics metrics, TimeProvider time, ILogger<RedisLink> logger)
    : IRedisConnection, IAsyncDisposable
{
    private const string Name = "redis";

    /// <summary>With so many calls under way Redis is busy, and not slow.</summary>
    private const int Crowd = 20;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<IConnectionMultiplexer> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionMultiplexer? _connection;
    private IDatabase? _database;
    private volatile LinkState _state = LinkState.Down;
    private int _failures;
    private int _underWay;
    private long _answered;
    private long _answeredAt;
    private long _downAt = time.GetTimestamp();

    /// <summary>Raised when it goes down or comes up, within a lock: a handler must be short.</summary>
    public event Action<LinkState>? Changed;

    public Task<IConnectionMultiplexer> Ready => _ready.Task;

    public LinkState State => _state;

    public bool IsUp => _state == LinkState.Up;

    /// <summary>Connects for the first time, or returns when that takes too long: it goes on in the background.</summary>
    public async Task ConnectAsync()
    {
        var settings = ConfigurationOptions.Parse(connection.Reveal());
        settings.AbortOnConnectFail = false;
        settings.ConnectRetry = 1;
        settings.ConnectTimeout = (int)options.BackgroundTimeout.TotalMilliseconds;
        settings.AsyncTimeout = (int)(2 * options.BackgroundTimeout).TotalMilliseconds;
        settings.HeartbeatInterval = options.Probe;
        settings.ReconnectRetryPolicy = new LinearRetry((int)options.Probe.TotalMilliseconds);
        settings.ClientName = "llmgateway";

        // Nothing waits for a connection.
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        _connection = await ConnectionMultiplexer.ConnectAsync(settings);
        _connection.ConnectionFailed += (_, failure) =>
        {
            if (failure.ConnectionType == ConnectionType.Interactive)
            {
                Leave(failure.FailureType.ToString());
            }
        };
        _database = _connection.GetDatabase();
        _ready.TrySetResult(_connection);
        if (await PingAsync(options.BackgroundTimeout) is { } why)
        {
            states.Set(Name, false, why);
            logger.RedisLeft(why, options.Probe);
        }
        else
        {
            Enter(LinkState.Returning);
        }
    }

    /// <summary>Asks whether it is there. Null when it is, else why not.</summary>
    public async Task<string?> PingAsync(TimeSpan timeout)
    {
        try
        {
            await _database!.PingAsync().WaitAsync(timeout, time);
            return null;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return Why(failure);
        }
    }

    /// <summary>Runs a script for a request, while Redis is up. Null when it is not any more, or refuses: the script may have run nevertheless.</summary>
    public ValueTask<RedisResult?> CallAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments) =>
        IsUp ? RunAsync(script, keys, arguments, options.RedisTimeout, awaited: true) : default;

    /// <summary>Runs a script that no request waits for, also while Redis is returning.</summary>
    /// <param name="refused">Told when Redis has answered that something is wrong with this call.</param>
    public ValueTask<RedisResult?> CallLaterAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, Action? refused = null) =>
        _state != LinkState.Down ? RunAsync(script, keys, arguments, options.BackgroundTimeout, refused) : default;

    /// <summary>What reservations hold, as scripts wrote it.</summary>
    public async ValueTask<RedisValue[]?> GetAsync(RedisKey[] keys)
    {
        try
        {
            return await _database!.StringGetAsync(keys).WaitAsync(options.BackgroundTimeout, time);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            Failed(failure);
            return null;
        }
    }

    /// <summary>Takes a name off the nodes.</summary>
    public async Task ForgetNodeAsync(string node)
    {
        try
        {
            await _database!.SortedSetRemoveAsync(RedisNames.Nodes, node).WaitAsync(options.BackgroundTimeout, time);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            // It is forgotten when it has not been heard of for a while.
        }
    }

    /// <summary>It is back: <see cref="LinkState.Returning"/> first, <see cref="LinkState.Up"/> when what happened meanwhile is booked.</summary>
    public void Enter(LinkState state)
    {
        lock (_gate)
        {
            // It may have gone while what happened was booked.
            if (state == LinkState.Up && _state != LinkState.Returning)
            {
                return;
            }

            _state = state;
            _failures = 0;
            Changed?.Invoke(state);
            if (state == LinkState.Up && states.Set(Name, true))
            {
                logger.RedisBack(time.GetElapsedTime(_downAt));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private static bool IsExpected(Exception failure) => failure is RedisException or TimeoutException or RedisCommandException or ObjectDisposedException;

    private static string Why(Exception failure) => failure switch
    {
        // Messages of a timeout tell of keys and queues; a person wants to know what it was.
        TimeoutException => "no answer in time",
        RedisConnectionException lost => lost.FailureType.ToString(),
        _ => failure.Message,
    };

    private async ValueTask<RedisResult?> RunAsync(
        RedisScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan timeout, Action? refused = null, bool awaited = false)
    {
        var started = time.GetTimestamp();
        try
        {
            var result = await WaitAsync(EvaluateAsync(script, keys, arguments), timeout, started, awaited);
            if (_failures != 0)
            {
                Interlocked.Exchange(ref _failures, 0);
            }

            metrics.Answered(script, time.GetElapsedTime(started));
            return result;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            metrics.Failed(script);
            if (failure is RedisServerException)
            {
                logger.RedisRefuses(script.Name, failure.Message);
            }

            // What is wrong with one call says nothing of the next.
            if (failure is RedisServerException && IsOfTheCall(failure.Message))
            {
                refused?.Invoke();
            }
            else if (awaited && failure is TimeoutException && IsSilent(started))
            {
                Leave(Why(failure));
            }
            else
            {
                Failed(failure);
            }

            return null;
        }
    }

    private static bool IsOfTheCall(string message) =>
        message.StartsWith("ERR ", StringComparison.Ordinal) || message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    private async Task<RedisResult> EvaluateAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            var asked = time.GetTimestamp();
            var result = await _database!.ScriptEvaluateAsync(script.Hash, keys, arguments);
            Interlocked.Increment(ref _answered);

            // What comes when nobody waits for it any more is no sign of life: behind a queue that grows, answers come as ever, each too late.
            if (time.GetElapsedTime(asked) < options.BusyTimeout)
            {
                Volatile.Write(ref _answeredAt, time.GetTimestamp());
            }

            return result;
        }
        catch (RedisServerException failure) when (failure.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await _database!.ScriptEvaluateAsync(script.Text, keys, arguments);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<RedisResult> WaitAsync(Task<RedisResult> call, TimeSpan timeout, long started, bool awaited)
    {
        while (true)
        {
            var (answered, asked) = (Volatile.Read(ref _answered), time.GetTimestamp());
            try
            {
                return await call.WaitAsync(timeout, time);
            }
            catch (TimeoutException) when (!call.IsFaulted && (call.IsCompleted || IsOurs(answered, asked, started) || (awaited && IsLate(started))))
            {
                // The answer may be here, unread, or is behind others that come in as fast as they can, or is late.
            }
        }
    }

    /// <summary>
    /// Whether it is a crowd of ours that makes a call late, and not Redis: others were answered meanwhile, or the alarm that is to tell of it is
    /// late itself, since this process stood still. A thousand requests at once take a script of 0.1 ms longer than one may wait.
    /// </summary>
    private bool IsOurs(long answered, long asked, long started) =>
        time.GetElapsedTime(started) < options.BusyTimeout &&
        ((Volatile.Read(ref _answered) != answered && Volatile.Read(ref _underWay) >= Crowd) || time.GetElapsedTime(asked) > 2 * options.RedisTimeout);

    /// <summary>Whether a call is late, but Redis not away: that is so until nothing was heard for a while, since the call was made or since the last answer.</summary>
    private bool IsLate(long started) =>
        IsUp && time.GetElapsedTime(started) < options.BusyTimeout && !IsSilent(started);

    private bool IsSilent(long since) => time.GetElapsedTime(Math.Max(since, Volatile.Read(ref _answeredAt))) >= options.RedisSilence;

    private void Failed(Exception failure)
    {
        // Calls that were made at once fail at once: that many are one failure, until nothing was heard for as long as they would take in turn.
        if (Interlocked.Increment(ref _failures) >= options.RedisFailures &&
            time.GetElapsedTime(Volatile.Read(ref _answeredAt)) >= options.RedisSilence)
        {
            Leave(Why(failure));
        }
    }

    private void Leave(string why)
    {
        lock (_gate)
        {
            if (_state == LinkState.Down)
            {
                return;
            }

            // On return it is away from when it went first.
            if (_state == LinkState.Up)
            {
                _downAt = time.GetTimestamp();
            }

            _state = LinkState.Down;
            Changed?.Invoke(LinkState.Down);
            if (states.Set(Name, false, why))
            {
                logger.RedisLeft(why, options.Probe);
            }
        }
    }
}

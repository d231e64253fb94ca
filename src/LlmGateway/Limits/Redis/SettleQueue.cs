using System.Threading.Channels;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// What ends holds in Redis. Nobody waits for it: one loop sends what has come together in one go, in order, and again until it is answered.
/// </summary>
internal sealed class SettleQueue : IAsyncDisposable
{
    private const int MostAtOnce = 128;
    private const int MostTries = 5;
    private const int MostForgotten = 8;

    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _reachable = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Queue<RedisKey>> _answered = new(StringComparer.Ordinal);
    private readonly RedisAccounts _accounts;
    private readonly RedisLink _link;
    private readonly LimitOptions _options;
    private readonly RedisMetrics _metrics;
    private readonly ILogger<SettleQueue> _logger;
    private readonly Task _loop;
    private int _waiting;

    public SettleQueue(RedisAccounts accounts, RedisLink link, LimitOptions options, RedisMetrics metrics, ILogger<SettleQueue> logger)
    {
        (_accounts, _link, _options, _metrics, _logger) = (accounts, link, options, metrics, logger);
        link.Changed += state =>
        {
            if (state != LinkState.Down)
            {
                _reachable.Release();
            }
        };
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Books what an exchange came to, and gives back what was held for it. False when too many wait already.</summary>
    public bool Settle(RedisHold hold)
    {
        if (Volatile.Read(ref _waiting) >= _options.MostUnsettled)
        {
            _logger.QueueFull(_options.MostUnsettled);
            return false;
        }

        Enqueue(Write(hold, "settle"));
        return true;
    }

    /// <summary>Gives back what may have been held for a call that nobody heard the answer of, also when it is only held later.</summary>
    public void Release(RedisHold hold) => Enqueue(Write(hold, "release"));

    /// <summary>Ends when all that waits now has been answered.</summary>
    public Task FlushAsync(CancellationToken cancellation)
    {
        var marker = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _entries.Writer.TryWrite(new Entry { Done = marker });
        return marker.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _reachable.Dispose();
    }

    private void Enqueue(Entry entry)
    {
        if (_entries.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _waiting);
            _metrics.Unsettled(1);
        }
    }

    private Entry Write(RedisHold hold, string mode)
    {
        const int Header = 4;
        const int PerLine = 3;
        var lines = hold.Reservation.Lines;
        var keys = new RedisKey[lines.Length + 2];
        var arguments = new RedisValue[Header + (lines.Length * PerLine)];
        keys[0] = RedisNames.Leases(hold.Tenant);
        keys[1] = hold.Key;
        (arguments[0], arguments[1], arguments[2], arguments[3]) = (hold.Id, mode, (long)_options.Memory.TotalMilliseconds, lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var account = _accounts.Of(lines[i].Account);
            var at = Header + (i * PerLine);
            keys[i + 2] = account.Key(lines[i].Place);
            (arguments[at], arguments[at + 1], arguments[at + 2]) = (account.Kind, lines[i].Actual, lines[i].Place);
        }

        return new Entry { Tenant = hold.Tenant, Id = hold.Id, Keys = keys, Arguments = arguments, ExpectsHold = mode == "settle" };
    }

    private async Task RunAsync()
    {
        var batch = new List<Entry>(MostAtOnce);
        var calls = new List<Task<RedisResult?>>(MostAtOnce);
        try
        {
            while (await _entries.Reader.WaitToReadAsync(_stop.Token))
            {
                while (batch.Count < MostAtOnce && _entries.Reader.TryRead(out var entry))
                {
                    batch.Add(entry);
                }

                while (batch.Count > 0)
                {
                    while (_link.State == LinkState.Down)
                    {
                        await _reachable.WaitAsync(_stop.Token);
                    }

                    await SendAsync(batch, calls);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What is left holds until its lease ends, and is in the ledger.
        }
    }

    /// <summary>Sends all, and takes out what was answered.</summary>
    private async Task SendAsync(List<Entry> batch, List<Task<RedisResult?>> calls)
    {
        calls.Clear();
        foreach (var entry in batch)
        {
            calls.Add(entry.Done is null
                ? _link.CallLaterAsync(RedisScript.Settle, WithAnswered(entry), entry.Arguments).AsTask()
                : Task.FromResult<RedisResult?>(null));
        }

        var left = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch[i];
            var result = await calls[i];
            if (entry.Done is not null ? left == 0 : IsOver(entry, result))
            {
                entry.Done?.TrySetResult();
            }
            else
            {
                batch[left++] = entry;
            }
        }

        batch.RemoveRange(left, batch.Count - left);
    }

    private bool IsOver(Entry entry, RedisResult? result)
    {
        if (result is null)
        {
            // While Redis is there, and does not take this one: it never will.
            if (_link.State == LinkState.Down || ++entry.Tries < MostTries)
            {
                return false;
            }

            _logger.NotSettled(entry.Id, entry.Tenant);
        }
        else if ((long)result == 2 && entry.ExpectsHold)
        {
            _metrics.SettledLate();
            _logger.SettledLate(entry.Id, entry.Tenant);
        }

        if (entry.ExpectsHold)
        {
            Answered(entry);
        }

        Interlocked.Decrement(ref _waiting);
        _metrics.Unsettled(-1);
        return true;
    }

    // Redis remembers what is settled for those who must ask again; who has heard the answer will not.
    private void Answered(Entry entry)
    {
        if (!_answered.TryGetValue(entry.Tenant, out var keys))
        {
            _answered.Add(entry.Tenant, keys = new Queue<RedisKey>());
        }

        keys.Enqueue(entry.Keys[1]);
    }

    private RedisKey[] WithAnswered(Entry entry)
    {
        if (!_answered.TryGetValue(entry.Tenant, out var answered) || answered.Count == 0)
        {
            return entry.Keys;
        }

        var count = Math.Min(MostForgotten, answered.Count);
        var keys = new RedisKey[entry.Keys.Length + count];
        entry.Keys.CopyTo(keys, 0);
        for (var i = entry.Keys.Length; i < keys.Length; i++)
        {
            keys[i] = answered.Dequeue();
        }

        return keys;
    }

    private sealed class Entry
    {
        public string Tenant { get; init; } = "";

        public string Id { get; init; } = "";

        public RedisKey[] Keys { get; init; } = [];

        public RedisValue[] Arguments { get; init; } = [];

        public bool ExpectsHold { get; init; }

        public int Tries { get; set; }

        /// <summary>A marker: told when all before it are over.</summary>
        public TaskCompletionSource? Done { get; init; }
    }
}

using System.Threading.Channels;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// What ends holds in Redis. Nobody waits for it: one loop sends what has come together in one go, in order, and again until it is answered.
/// </summary>
internal sealed class SettleQueue : IAsyncDisposable
{
    private const int MostAtOnce = 128;
    private const int MostTogether = 32;
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

        // Where a part is held by this node alone, only Redis knows what Redis holds.
        Enqueue(Write(hold, hold.Shares is null ? "settle" : "recover", expectsHold: true));
        return true;
    }

    /// <summary>Gives back what may have been held for a call that nobody heard the answer of, also when it is only held later.</summary>
    public void Release(RedisHold hold) => Enqueue(Write(hold, "release", expectsHold: false));

    /// <summary>Books what an exchange of a process that died came to, and gives back what it held.</summary>
    public void Recover(RedisHold hold) => Enqueue(Write(hold, "recover", expectsHold: false));

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

    private Entry Write(RedisHold hold, string mode, bool expectsHold)
    {
        var lines = hold.Reservation.Lines;
        var keys = new RedisKey[lines.Length + 2];
        keys[0] = RedisNames.Leases(hold.Tenant);
        keys[1] = hold.Key;
        var into = ArgumentWriter.Begin();
        into.Add(hold.Id);
        into.Add(mode);
        into.Add((long)_options.Memory.TotalMilliseconds);
        into.Add(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var account = _accounts.Of(lines[i].Account);
            keys[i + 2] = account.Key(lines[i].Place);
            into.Add(account.Kind);
            into.Add(lines[i].Actual);
            into.Add(lines[i].Place);
            into.Add(-lines[i].Held);
            into.Add(lines[i].Actual - lines[i].Held);
        }

        return new Entry { Tenant = hold.Tenant, Id = hold.Id, Call = new ScriptCall(keys, into.ToArray()), ExpectsHold = expectsHold };
    }

    private async Task RunAsync()
    {
        var batch = new List<Entry>(MostAtOnce);
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

                    await SendAsync(batch);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What is left holds until its lease ends, and is in the ledger.
        }
    }

    /// <summary>Sends all, those of a tenant together, and takes out what was answered.</summary>
    private async Task SendAsync(List<Entry> batch)
    {
        await Task.WhenAll(batch.Where(entry => entry.Done is null).GroupBy(entry => entry.Tenant, StringComparer.Ordinal).SelectMany(tenant => tenant.Chunk(MostTogether)).Select(SendTogetherAsync));
        var left = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch[i];
            if (entry.Done is not null ? left == 0 : IsOver(entry))
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

    private async Task SendTogetherAsync(Entry[] entries)
    {
        var (keys, arguments) = ScriptCall.Combine(Array.ConvertAll(entries, WithAnswered));
        var answers = await _link.CallLaterAsync(RedisScript.Settle, keys, arguments) is { } result ? ((string?)result)?.Split('\n') : null;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i].Answer = answers?[i];
        }
    }

    private bool IsOver(Entry entry)
    {
        if (entry.Answer is null)
        {
            // While Redis is there, and does not take this one: it never will.
            if (_link.State == LinkState.Down || ++entry.Tries < MostTries)
            {
                return false;
            }

            _logger.NotSettled(entry.Id, entry.Tenant);
        }
        else if (entry is { Answer: "2", ExpectsHold: true })
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

        keys.Enqueue(entry.Call.Keys[1]);
    }

    private ScriptCall WithAnswered(Entry entry)
    {
        if (!_answered.TryGetValue(entry.Tenant, out var answered) || answered.Count == 0)
        {
            return entry.Call;
        }

        var own = entry.Call.Keys;
        var keys = new RedisKey[own.Length + Math.Min(MostForgotten, answered.Count)];
        own.CopyTo(keys, 0);
        for (var i = own.Length; i < keys.Length; i++)
        {
            keys[i] = answered.Dequeue();
        }

        return entry.Call with { Keys = keys };
    }

    private sealed class Entry
    {
        public string Tenant { get; init; } = "";

        public string Id { get; init; } = "";

        public ScriptCall Call { get; init; }

        /// <summary>Of Redis; null for none.</summary>
        public string? Answer { get; set; }

        public bool ExpectsHold { get; init; }

        public int Tries { get; set; }

        /// <summary>A marker: told when all before it are over.</summary>
        public TaskCompletionSource? Done { get; init; }
    }
}

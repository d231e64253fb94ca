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

    /// <summary>What waits for so long may have been compared with the ledger meanwhile, which has it.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _reachable = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Queue<RedisKey>> _answered = new(StringComparer.Ordinal);
    private readonly RedisAccounts _accounts;
    private readonly RedisLink _link;
    private readonly Backlog _backlog;
    private readonly LimitOptions _options;
    private readonly TimeProvider _time;
    private readonly RedisMetrics _metrics;
    private readonly ILogger<SettleQueue> _logger;
    private readonly string _node;
    private readonly Task _loop;
    private int _waiting;

    public SettleQueue(
        RedisAccounts accounts, RedisLink link, Backlog backlog, AccountHistory history, LimitOptions options, TimeProvider time, RedisMetrics metrics, ILogger<SettleQueue> logger)
    {
        (_accounts, _link, _backlog, _options, _time, _metrics, _logger) = (accounts, link, backlog, options, time, metrics, logger);
        _node = history.Node;
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

    private Entry Write(RedisHold hold, string mode, bool expectsHold) =>
        new() { Tenant = hold.Tenant, Id = hold.Id, Hold = hold, Call = Write(hold, mode), ExpectsHold = expectsHold, QueuedAt = _time.GetTimestamp() };

    private ScriptCall Write(RedisHold hold, string mode)
    {
        var lines = hold.Reservation.Lines;
        var keys = new RedisKey[lines.Length + 2];
        keys[0] = RedisNames.Leases(hold.Tenant);
        keys[1] = hold.Key;
        var into = ArgumentWriter.Begin();
        into.Add(hold.Id);
        into.Add(mode);
        into.Add((long)_options.Memory.TotalMilliseconds);
        into.Add(_node.Length > 0 ? hold.Reservation.Node ?? _node : _node);
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

        return new ScriptCall(keys, into.ToArray());
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
                    if (batch.Count > 0)
                    {
                        // A Redis that answers with a refusal does so at once, and for a while: a replica that is not the master yet, a full memory.
                        await Task.Delay(_options.Probe, _time, _stop.Token);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What is left holds until its lease ends, and is in the ledger.
        }
    }

    /// <summary>Sends all, those of a tenant together but for what Redis did not take at first, and takes out what was answered.</summary>
    private async Task SendAsync(List<Entry> batch)
    {
        var tenants = batch.Where(entry => entry.Done is null).GroupBy(entry => (entry.Tenant, Alone: entry.Tries > 0));
        await Task.WhenAll(tenants.SelectMany(tenant => tenant.Chunk(tenant.Key.Alone ? 1 : MostTogether)).Select(SendTogetherAsync));
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
        foreach (var entry in entries)
        {
            if (entry is { ExpectsHold: true, IsLate: false, Hold: { } hold } && _time.GetElapsedTime(entry.QueuedAt) > Late)
            {
                (entry.IsLate, entry.Call) = (true, Write(hold, "recover"));
            }
        }

        var (keys, arguments) = ScriptCall.Combine(Array.ConvertAll(entries, WithAnswered));
        var refused = 0;
        var answers = await _link.CallLaterAsync(RedisScript.Settle, keys, arguments, () => refused = 1) is { } result ? ((string?)result)?.Split('\n') : null;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i].Answer = answers?[i];
            entries[i].Tries += refused;
        }
    }

    private bool IsOver(Entry entry)
    {
        if (entry.Answer is null)
        {
            // Only what is wrong with the call itself is a try: it never will be taken then. All else ends some time.
            if (entry.Tries < MostTries)
            {
                return false;
            }

            _logger.NotSettled(entry.Id, entry.Tenant);
            if (entry is { ExpectsHold: true, Hold: { } hold })
            {
                // Nothing of it was taken. Its hold ends with its lease.
                _backlog.Add(hold.Reservation, hold.MadeAt);
            }
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

        public RedisHold? Hold { get; init; }

        public ScriptCall Call { get; set; }

        public long QueuedAt { get; init; }

        public bool IsLate { get; set; }

        /// <summary>Of Redis; null for none.</summary>
        public string? Answer { get; set; }

        public bool ExpectsHold { get; init; }

        /// <summary>How often Redis has refused the call.</summary>
        public int Tries { get; set; }

        /// <summary>A marker: told when all before it are over.</summary>
        public TaskCompletionSource? Done { get; init; }
    }
}

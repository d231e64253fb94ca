using LlmGateway.Gateway;
using LlmGateway.Storage;
using LlmGateway.Upstream;

namespace LlmGateway.Ledger;

/// <summary>The ledger over slots and SQLite.</summary>
internal sealed class SlotLedger : ILedger, ICacheBooking, IHostedService, IAsyncDisposable
{
    private readonly IntentStore _store;
    private readonly LedgerQueue _queue;
    private readonly LedgerRecovery _recovery;
    private readonly IRecoveredSpend? _recovered;
    private readonly LedgerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SlotLedger> _logger;
    private readonly string _node;
    private readonly ITimer _watch;
    private readonly LedgerRoom? _room;
    private bool _open;

    /// <param name="room">Says when no more rows are to be taken; null where nobody looks.</param>
    /// <param name="recovered">Is told what an earlier process left; null where nobody counts it.</param>
    /// <param name="node">What its rows are called; null where nobody asks for them by that.</param>
    public SlotLedger(
        SqliteDatabase database,
        LedgerOptions options,
        IIntentPricing pricing,
        TimeProvider time,
        LedgerMetrics metrics,
        ILogger<SlotLedger> logger,
        LedgerRoom? room = null,
        IRecoveredSpend? recovered = null,
        LedgerNode? node = null)
    {
        _node = (node ?? new LedgerNode()).Name;
        _recovered = recovered;
        _room = room;
        _options = options;
        _time = time;
        _logger = logger;
        _store = new IntentStore(database.Folder, options);
        _queue = new LedgerQueue(database, options, time, metrics, () => _store.InUse, logger);
        _recovery = new LedgerRecovery(database, pricing, time, metrics, logger);
        _watch = time.CreateTimer(static state => ((SlotLedger)state!).EndLongWaits(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        metrics.Observe(() => _queue.Length);
    }

    /// <inheritdoc/>
    public bool Healthy => _open && _queue.Healthy && _room?.Problem is null;

    /// <inheritdoc/>
    public string? Problem => _open && _queue.Healthy
        ? _room?.Problem
        : "rows do not reach the database; see the log, and mend the disk of the data folder";

    /// <summary>Attempts that hold a slot.</summary>
    public int InFlight => _store.InUse;

    /// <summary>Of these, those that began within a time.</summary>
    public int InFlightOf(DateTimeOffset from, DateTimeOffset to) => _store.StartedIn(from, to);

    /// <summary>When the first of them began; null where there is none.</summary>
    public DateTimeOffset? OldestInFlight => _store.OldestStart() is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Settles what an earlier process left, then opens. Wants the database migrated.</summary>
    /// <exception cref="StorageException">The data folder cannot be used.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var attempts = _recovery.Run();
        _recovered?.Recovered(attempts);
        _queue.Open();
        _store.Open();
        _watch.Change(_options.MaxWait / 4, _options.MaxWait / 4);
        _open = true;
        return Task.CompletedTask;
    }

    /// <summary>Commits what is queued.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _queue.DrainAsync().WaitAsync(_options.StopWait, _time, cancellationToken);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            _logger.StoppedWithRows(_queue.Length);
        }
    }

    /// <inheritdoc/>
    public IIntent? Begin(Exchange exchange, Attempt attempt)
    {
        if (!Healthy || _store.TryTake() is not { } slot)
        {
            return null;
        }

        slot.Memory.PublishIntent(WriteIntent(slot, exchange, RowHead.Of(attempt)));
        return slot;
    }

    /// <inheritdoc/>
    public bool Book(Exchange exchange, in CachedAnswer answer, bool given = false)
    {
        if (!(given ? _open : Healthy) || _store.TryTake() is not { } slot)
        {
            return false;
        }

        var memory = slot.Memory;
        var row = new RowHead(exchange.TakeNumber(), AttemptCause.Cache, answer.Deployment, answer.Provider, exchange.StartedAt, PriceName: null);
        memory.PrepareIntent(WriteIntent(slot, exchange, row));
        memory.PublishSettlement(LedgerCells.WriteSaved(
            memory.SettlementRoom, answer, exchange.CacheResult, answer.Saved?.Currency ?? exchange.Snapshot.Rates.Base, _time.GetUtcNow()));
        slot.WaitForNobody();
        _queue.Enqueue(slot, awaited: false);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask SettleAsync(Attempt attempt, CacheResult cache)
    {
        if (attempt.Intent is not IntentSlot slot)
        {
            return ValueTask.CompletedTask;
        }

        // The slot goes to another attempt after this: nothing may report to it any more.
        attempt.Intent = null;
        var memory = slot.Memory;
        memory.PublishSettlement(LedgerCells.WriteSettlement(memory.SettlementRoom, attempt, cache, attempt.FinishedAt ?? _time.GetUtcNow()));
        var committed = slot.Wait(_time.GetTimestamp());
        _queue.Enqueue(slot, awaited: true);
        return committed;
    }

    public async ValueTask DisposeAsync()
    {
        _open = false;
        await _watch.DisposeAsync();
        await _queue.DisposeAsync();
        _store.Close();
    }

    private int WriteIntent(IntentSlot slot, Exchange exchange, in RowHead row)
    {
        if (!LedgerCells.WriteIntent(slot.Memory.IntentRoom, exchange, row, _node, out var length))
        {
            slot.LongTags = exchange.Tags.ToArray();
            _logger.LongTags(exchange.RequestId);
        }

        slot.StartedAt = row.StartedAt.UtcTicks;

        return length;
    }

    private void EndLongWaits()
    {
        var limit = _time.GetTimestamp() - (long)(_options.MaxWait.TotalSeconds * _time.TimestampFrequency);
        if (_queue.Length > 0 && _store.ReleaseOlder(limit) is > 0 and var count)
        {
            _logger.WaitsReleased(count);
        }
    }
}

using LlmGateway.Ledger.Sqlite;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Ledger;

/// <summary>
/// Settled slots on their way to the database, one commit at a time. The commit is a work item of the thread pool behind whatever is runnable:
/// a busy gateway has more rows together by its turn, an idle one commits a single row at once, and neither pays for a wake-up of a
/// dedicated thread. Rows that nobody waits for gather for a moment first. It is bounded by the number of slots.
/// </summary>
internal sealed class LedgerQueue : IThreadPoolWorkItem, IAsyncDisposable
{
    private const int MaxYields = 4;

    private readonly Lock _gate = new();
    private readonly Lock _committing = new();
    private readonly SqliteDatabase _database;
    private readonly LedgerOptions _options;
    private readonly TimeProvider _time;
    private readonly LedgerMetrics _metrics;
    private readonly Func<int> _inFlight;
    private readonly ILogger _logger;
    private readonly WalCheckpointer _checkpointer;
    private readonly ITimer _retry;
    private readonly ITimer _linger;
    private List<IntentSlot> _arriving = new(256);
    private List<IntentSlot> _batch = new(256);
    private List<IntentSlot>? _spare = new(256);
    private SqliteLedgerWriter? _writer;
    private TimeSpan _delay;
    private int _yields;
    private int _awaited;
    private bool _running;
    private bool _lingering;
    private bool _closed;
    private TaskCompletionSource? _drained;
    private volatile bool _healthy = true;

    /// <param name="inFlight">How many attempts hold a slot, settled or not.</param>
    public LedgerQueue(
        SqliteDatabase database, LedgerOptions options, TimeProvider time, LedgerMetrics metrics, Func<int> inFlight, ILogger logger)
    {
        _inFlight = inFlight;
        _database = database;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _delay = options.RetryDelay;
        _checkpointer = new WalCheckpointer(database, options, logger);
        _retry = time.CreateTimer(static state => ((LedgerQueue)state!).Schedule(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _linger = time.CreateTimer(static state => ((LedgerQueue)state!).EndLinger(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The last commit went well.</summary>
    public bool Healthy => _healthy;

    /// <summary>Rows that wait.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
            {
                return _arriving.Count + _batch.Count;
            }
        }
    }

    /// <summary>Opens the connection, so that a database that cannot be used stops the start and not the first request.</summary>
    public void Open() => _writer ??= new SqliteLedgerWriter(_database);

    /// <param name="awaited">Somebody waits for its commit.</param>
    public void Enqueue(IntentSlot slot, bool awaited)
    {
        lock (_gate)
        {
            _arriving.Add(slot);
            _awaited += awaited ? 1 : 0;
            if (_running)
            {
                return;
            }

            if (!awaited && _arriving.Count < _options.LingerRows)
            {
                Linger();
                return;
            }

            Run();
        }
    }

    /// <summary>Completes once nothing waits any more.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_lingering)
            {
                Run();
            }

            return _running ? (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    /// <summary>Lets a commit under way end and begins none; what still waits stays in its slots.</summary>
    public async ValueTask DisposeAsync()
    {
        await _retry.DisposeAsync();
        await _linger.DisposeAsync();
        lock (_committing)
        {
            _closed = true;
            _writer?.Dispose();
        }

        await _checkpointer.StopAsync();
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (WorthWaiting())
        {
            Schedule();
            return;
        }

        List<IntentSlot>? committed;
        lock (_committing)
        {
            committed = _closed ? null : Commit();
        }

        if (committed is null)
        {
            return;
        }

        // What awaits a row goes on right here, one after the other: an answer is written in microseconds, and a wake-up of another
        // thread for each costs more. The next commit is another work item already.
        foreach (var slot in committed)
        {
            slot.Committed();
        }

        committed.Clear();
        _spare = committed;
    }

    /// <summary>
    /// Many attempts are under way and few have settled: let what is runnable run first. A commit writes whole pages, so a row costs
    /// less the more there are together. A gateway with nothing else to do is here again at once, and soon gives up waiting.
    /// </summary>
    private bool WorthWaiting()
    {
        lock (_gate)
        {
            if (_batch.Count > 0 || _yields == MaxYields || _arriving.Count * 2 >= _inFlight())
            {
                _yields = 0;
                return false;
            }

            _yields++;
            return true;
        }
    }

    /// <summary>The rows that are in the database now; null when they are not, and wait for the next try.</summary>
    private List<IntentSlot>? Commit()
    {
        lock (_gate)
        {
            // After a failure the batch still holds its rows, and those that have come since join it.
            if (_batch.Count == 0)
            {
                (_arriving, _batch) = (_batch, _arriving);
            }
            else
            {
                _batch.AddRange(_arriving);
                _arriving.Clear();
            }

            _awaited = 0;
        }

        if (!TryCommit())
        {
            _retry.Change(_delay, Timeout.InfiniteTimeSpan);
            _delay = TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, _options.MaxRetryDelay.Ticks));
            return null;
        }

        var committed = _batch;
        lock (_gate)
        {
            _batch = Interlocked.Exchange(ref _spare, null) ?? new List<IntentSlot>(256);
            if (_arriving.Count == 0)
            {
                _running = false;
                _drained?.SetResult();
                _drained = null;
                return committed;
            }

            if (_awaited == 0 && _drained is null && _arriving.Count < _options.LingerRows)
            {
                _running = false;
                Linger();
                return committed;
            }
        }

        Schedule();
        return committed;
    }

    /// <summary>Under the gate.</summary>
    private void Run()
    {
        _running = true;
        _lingering = false;
        Schedule();
    }

    /// <summary>Under the gate.</summary>
    private void Linger()
    {
        if (!_lingering)
        {
            _lingering = true;
            _linger.Change(_options.Linger, Timeout.InfiniteTimeSpan);
        }
    }

    private void EndLinger()
    {
        lock (_gate)
        {
            // Somebody may have come meanwhile who waits, and then it has begun, and may even be over.
            if (_lingering)
            {
                Run();
            }
        }
    }

    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private bool TryCommit()
    {
        var start = _time.GetTimestamp();
        try
        {
            (_writer ??= new SqliteLedgerWriter(_database)).Write(_batch);
        }
        catch (Exception error) when (error is SqliteException or IOException)
        {
            Fail(error);
            return false;
        }

        _metrics.Committed(_batch.Count, _time.GetElapsedTime(start));
        _delay = _options.RetryDelay;
        if (!_healthy)
        {
            _healthy = true;
            _logger.CommitsAgain(_batch.Count);
        }

        _checkpointer.Wrote(_writer);
        return true;
    }

    private void Fail(Exception error)
    {
        // A connection is not trusted again after an error: it may hold a file that has been replaced.
        _writer?.Dispose();
        _writer = null;
        if (_healthy)
        {
            _healthy = false;
            _logger.CommitFailed(error, _batch.Count);
        }
    }
}

using LlmGateway.Ledger.Sqlite;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// Brings rows from the embedded database, where every attempt is booked first, to PostgreSQL, in the order of their ids, and removes what has
/// arrived: while one batch is on its way, the one before is removed and the one behind is read. Nothing of a request waits for it. Killed at any
/// instant it sends batches again, of which then nothing is inserted twice.
/// </summary>
internal sealed class OutboxShipper(
    PostgresDatabase postgres,
    SqliteDatabase sqlite,
    LedgerPartitions partitions,
    LedgerOptions options,
    LedgerMetrics metrics,
    TimeProvider time,
    ILogger<OutboxShipper> logger) : BackgroundService
{
    /// <summary>How long the sums of years may take to be brought over.</summary>
    private static readonly TimeSpan HandoverTimeout = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OutboxReader? _reader;
    private PostgresLedgerWriter? _writer;
    private int _rows = options.ShipRows;
    private bool _careful;
    private bool _handedOver;
    private TimeSpan _delay = options.RetryDelay;
    private long _outbox;

    /// <summary>Read already, while the one before was on its way.</summary>
    private CopyBatch? _ahead;

    /// <summary>Ids of the batch that has arrived and is still here; null for none.</summary>
    private (long First, long Last)? _arrived;

    /// <summary>Rows that wait, as of the last look.</summary>
    public long Waiting => Interlocked.Read(ref _outbox);

    /// <summary>The rooms before have stopped by now: what they left is brought over, for a while.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.TrySetResult();
        try
        {
            await (ExecuteTask ?? Task.CompletedTask).WaitAsync(options.StopWait, time, cancellationToken);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            logger.StoppedWithOutbox(Waiting);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!postgres.IsConfigured)
        {
            return;
        }

        metrics.ObserveOutbox(() => Waiting);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var stopping = _stopping.Task.IsCompleted;
                var progress = await ShipAsync(stoppingToken);
                if (progress is Progress.More)
                {
                    continue;
                }

                if (stopping)
                {
                    return;
                }

                await Task.WhenAny(_stopping.Task, Task.Delay(progress is Progress.Failed ? NextDelay() : options.ShipInterval, time, stoppingToken));
            }
        }
        finally
        {
            await DropWriterAsync();
            _reader?.Dispose();
        }
    }

    private async Task<Progress> ShipAsync(CancellationToken cancellation)
    {
        var batch = _ahead ?? new CopyBatch(_careful);
        try
        {
            await HandOverAsync(cancellation);
            if (_ahead is null)
            {
                await OnThreadOfItsOwn(() => Read(batch, after: 0));
            }

            _ahead = null;
            if (batch.Rows == 0)
            {
                Interlocked.Exchange(ref _outbox, 0);
                await AskAsync(cancellation);
                return Progress.None;
            }

            Interlocked.Exchange(ref _outbox, _reader!.Count());
            var beside = OnThreadOfItsOwn(() => RemoveAndReadOn(batch));
            var writing = WriteAsync(batch, cancellation);
            try
            {
                await Task.WhenAll(writing, beside);
            }
            finally
            {
                // Whatever became of what was done beside it.
                _arrived = writing.IsCompletedSuccessfully ? (batch.FirstId, batch.LastId) : _arrived;
            }

            if (_ahead is null)
            {
                await OnThreadOfItsOwn(Remove);
                Interlocked.Exchange(ref _outbox, _reader.Count());
            }
        }
        catch (PostgresException error) when (error.SqlState is ['2', '2', ..] && !_careful)
        {
            // A row that the server cannot hold: found by halves, then sent without what it refused.
            _ahead = null;
            await DropWriterAsync();
            _careful = batch.Rows == 1;
            _rows = Math.Max(batch.Rows / 2, 1);
            logger.RowsRefused(batch.FirstId, batch.LastId, error.MessageText);
            return Progress.More;
        }
        catch (SqliteException error)
        {
            logger.OutboxUnreadable(error);
            _ahead = null;
            _reader?.Dispose();
            _reader = null;
            return Progress.Failed;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            postgres.Failed(error);
            _ahead = null;
            await DropWriterAsync();
            return Progress.Failed;
        }

        _delay = options.RetryDelay;
        _careful = false;
        var full = IsFull(batch);
        _rows = MoreRows;
        return full ? Progress.More : Progress.None;
    }

    private int MoreRows => Math.Min(_rows * 2, options.ShipRows);

    /// <summary>There may be more behind it.</summary>
    private bool IsFull(CopyBatch batch) => batch.Rows == _rows || !batch.HasRoom;

    private void Read(CopyBatch batch, long after)
    {
        _reader ??= new OutboxReader(sqlite);
        Remove();
        _reader.Read(batch, after, _rows);
    }

    private void Remove()
    {
        if (_arrived is { } arrived)
        {
            _reader!.Remove(arrived.First, arrived.Last);
            _arrived = null;
        }
    }

    /// <summary>While the batch is on its way.</summary>
    private void RemoveAndReadOn(CopyBatch batch)
    {
        Remove();
        if (IsFull(batch))
        {
            // As it will be done once this one has arrived; should it not, it is forgotten.
            var next = new CopyBatch();
            _reader!.Read(next, batch.LastId, MoreRows);
            _ahead = next.Rows > 0 ? next : null;
        }
    }

    private async Task HandOverAsync(CancellationToken cancellation)
    {
        if (!_handedOver)
        {
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bounded.CancelAfter(HandoverTimeout);
            await new SumsHandover(sqlite, postgres).RunAsync(bounded.Token).WaitAsync(bounded.Token);
            _handedOver = true;
        }
    }

    /// <summary>Bounded as a whole: a server that hangs may do so at any of the steps. One that was restarted meanwhile is worth a second try at once.</summary>
    private async Task WriteAsync(CopyBatch batch, CancellationToken cancellation)
    {
        var reused = _writer is not null;
        var start = time.GetTimestamp();
        try
        {
            await WriteOnceAsync(batch, cancellation);
        }
        catch (Exception error) when (reused && error is not (PostgresException { SqlState: ['2', '2', ..] } or TimeoutException or OperationCanceledException))
        {
            await DropWriterAsync();
            await WriteOnceAsync(batch, cancellation);
        }

        metrics.Shipped(batch.Rows, time.GetElapsedTime(start));
        postgres.Answers();
    }

    private async Task WriteOnceAsync(CopyBatch batch, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(options.ShipTimeout);
        _writer ??= await PostgresLedgerWriter.OpenAsync(postgres, partitions, bounded.Token);
        if (await _writer.WriteAsync(batch, bounded.Token).WaitAsync(bounded.Token) is > 0 and var leftOut)
        {
            metrics.LeftOut(leftOut);
            logger.RowsLeftOut(leftOut, batch.FirstId, batch.LastId);
        }
    }

    /// <summary>Nothing to send: still to be known is whether it could be. A schema that is not there yet is made here at the start.</summary>
    private async Task AskAsync(CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(PostgresDatabase.OpenTimeout);
        await using var connection = await postgres.OpenAsync(bounded.Token);
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteScalarAsync(bounded.Token);
        postgres.Answers();
    }

    private async Task DropWriterAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            try
            {
                // What hangs is left behind, not waited for.
                await writer.DisposeAsync().AsTask().WaitAsync(PostgresDatabase.OpenTimeout);
            }
            catch (Exception error) when (PostgresUnavailableException.IsOutage(error) || error is InvalidOperationException)
            {
            }
        }
    }

    private TimeSpan NextDelay()
    {
        var delay = _delay;
        _delay = TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, options.MaxShipDelay.Ticks));
        return delay;
    }

    // Rows are read and removed for tens of milliseconds, and on two cores that would be half of the pool's threads.
    private static Task OnThreadOfItsOwn(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private enum Progress
    {
        None,
        More,
        Failed,
    }
}

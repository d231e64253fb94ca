using System.Globalization;
using LlmGateway.Configuration;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;

namespace LlmGateway.Ledger;

/// <summary>
/// What the ledger needs done from time to time: roll-ups brought up to the last rows, days to come given their partitions, and rows that are older
/// than <c>data.retention</c> removed. Their sums by the hour stay.
/// </summary>
internal sealed class LedgerKeeper(
    SqliteDatabase sqlite,
    PostgresDatabase postgres,
    LedgerPartitions partitions,
    ISnapshotSource snapshots,
    LedgerOptions options,
    TimeProvider time,
    ILogger<LedgerKeeper> logger) : BackgroundService
{
    /// <summary>
    /// Days that PostgreSQL keeps rows longer. They are what tells a batch that comes again from one that is new, and a node may be down for days between
    /// the commit of a batch there and its removal here.
    /// </summary>
    private const int DaysForLateRows = 7;

    private SqliteRollUps? _rollUps;

    public override void Dispose()
    {
        _rollUps?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var kept = (DateTimeOffset?)null;
        using var timer = new PeriodicTimer(options.KeepInterval, time);
        do
        {
            var now = time.GetUtcNow();
            var due = kept is null || now - kept >= options.RetentionInterval || now < kept;
            try
            {
                if (postgres.IsConfigured)
                {
                    await (due ? KeepPostgresAsync(stoppingToken) : Task.CompletedTask);
                }
                else
                {
                    await Task.Factory.StartNew(() => KeepSqlite(due, stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                }

                kept = due ? now : kept;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                logger.KeepingFailed(error);
                _rollUps?.Dispose();
                _rollUps = null;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void KeepSqlite(bool due, CancellationToken cancellation)
    {
        _rollUps ??= new SqliteRollUps(sqlite);
        while (!cancellation.IsCancellationRequested && _rollUps.Step())
        {
        }

        if (due && Before() is { } day)
        {
            var before = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T00:00:00.000000Z";
            while (!cancellation.IsCancellationRequested && _rollUps.Forget(before))
            {
            }
        }
    }

    private async Task KeepPostgresAsync(CancellationToken cancellation)
    {
        await using var connection = await postgres.OpenAsync(cancellation);
        await partitions.EnsureAheadAsync(connection, cancellation);
        if (Before()?.AddDays(-DaysForLateRows) is { } day && await partitions.DropBeforeAsync(connection, day, cancellation) is > 0 and var dropped)
        {
            logger.DaysDropped(dropped, day);
        }
    }

    /// <summary>The first UTC day that is kept; null where all are.</summary>
    private DateOnly? Before() =>
        snapshots.Current.Data.Retention is { } retention ? DateOnly.FromDateTime((time.GetUtcNow() - retention).UtcDateTime) : null;
}

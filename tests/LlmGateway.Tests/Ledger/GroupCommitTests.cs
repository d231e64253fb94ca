using LlmGateway.Gateway;
using LlmGateway.Ledger;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Tests.Ledger;

public class GroupCommitTests
{
    [Fact]
    public async Task A_thousand_settlements_at_once_are_each_visible_when_their_wait_ends()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var missing = 0;
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () =>
        {
            var exchange = LedgerRig.NewExchange();
            exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
            Assert.NotNull(exchange.Attempt.Intent);
            await ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off);
            if (!IsThere(rig, exchange.OperationId))
            {
                Interlocked.Increment(ref missing);
            }
        })));
        Assert.Equal(0, missing);
        Assert.Equal(1000, rig.Count());
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public async Task Attempts_beyond_one_file_get_another_and_all_files_go_at_the_end()
    {
        using var rig = new LedgerRig(new LedgerOptions { SlotsPerSegment = 8, MaxSegments = 3 });
        var ledger = await rig.StartAsync();
        var exchanges = Enumerable.Range(0, 24).Select(_ => LedgerRig.NewExchange()).ToList();
        exchanges.ForEach(exchange => exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt));
        Assert.DoesNotContain(exchanges, exchange => exchange.Attempt!.Intent is null);
        Assert.Equal(3, IntentStore.Leftovers(rig.Database.Folder).Count);

        var refused = LedgerRig.NewExchange();
        var error = new LedgerObserver(ledger).Starting(refused, refused.Attempt!);
        Assert.Equal((503, "ledger_unavailable", true), (error?.Status, error?.Code, error!.Retryable));

        await Task.WhenAll(exchanges.Select(exchange => ledger.SettleAsync(LedgerRig.End(exchange.Attempt!), CacheResult.Off).AsTask()));
        Assert.Equal(24, rig.Count());
        Assert.Null(new LedgerObserver(ledger).Starting(refused, refused.Attempt!));
        await ledger.SettleAsync(LedgerRig.End(refused.Attempt!), CacheResult.Off);
        Assert.Equal(0, ledger.InFlight);
        await LedgerRig.StopAsync(ledger);
        Assert.Empty(IntentStore.Leftovers(rig.Database.Folder));
    }

    [Fact]
    public async Task Stopping_commits_what_is_queued()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var waits = new List<Task>();
        for (var count = 0; count < 100; count++)
        {
            var exchange = LedgerRig.NewExchange();
            exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
            waits.Add(ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off).AsTask());
        }

        await ledger.StopAsync(default);
        Assert.Equal(100, rig.Count());
        await Task.WhenAll(waits);
        await ledger.DisposeAsync();
    }

    [Fact]
    public async Task The_log_is_moved_into_the_database_and_starts_again()
    {
        using var rig = new LedgerRig(new LedgerOptions { SlotsPerSegment = 64, CheckpointPages = 40 });
        var ledger = await rig.StartAsync();
        for (var count = 0; count < 4000; count++)
        {
            var exchange = LedgerRig.NewExchange();
            exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
            await ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off);
        }

        // Without a checkpoint four thousand commits of several pages leave a log of more than 40 MB.
        Assert.InRange(new FileInfo(rig.Database.Path + "-wal").Length, 1, 24_000_000);
        await LedgerRig.StopAsync(ledger);
        Assert.Equal(4000, rig.Count());
    }

    private static bool IsThere(LedgerRig rig, Guid operation)
    {
        using var connection = rig.Database.OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM ledger WHERE operation_id = $id";
        command.Parameters.Add(new SqliteParameter("$id", operation.ToString()));
        return (long)command.ExecuteScalar()! == 1;
    }
}

using LlmGateway.Gateway;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Storage;

namespace LlmGateway.Tests.Ledger;

/// <summary>What versions before this one left has no saving, and no parts of its cost.</summary>
public class CacheSavingTests
{
    private const int LengthOfParts = CellWriter.TextOverhead + 25; // [35000,6000,7000,75000,0]
    private const int LengthOfAmount = CellWriter.TextOverhead + 11; // 0.000045000

    [Fact]
    public void A_slot_that_the_version_before_left_gets_no_saving_and_no_parts_and_not_those_of_another_row()
    {
        using var rig = new LedgerRig();
        var store = new IntentStore(rig.Database.Folder, rig.Options);
        store.Open();
        var slots = new List<IntentSlot> { Settled(store, lacks: 0), Settled(store, lacks: LengthOfParts), Settled(store, lacks: LengthOfParts + LengthOfAmount) };
        using (var writer = new SqliteLedgerWriter(rig.Database))
        {
            writer.Write(slots);
        }

        Assert.Equal(["0.000045000", "0.000045000", null], rig.Rows().Select(row => row["cache_saving"]));
        Assert.Equal(["[35000,6000,7000,75000,0]", null, null], rig.Rows().Select(row => row["cost_parts"]));
        Assert.Equal(["off", "off", "off"], rig.Rows().Select(row => row["cache_status"]));
        store.Close();
    }

    [Fact]
    public async Task A_ledger_of_the_version_before_is_kept_and_gets_the_column()
    {
        using var rig = new LedgerRig();
        rig.Execute(
            """
            ALTER TABLE ledger DROP COLUMN cache_saving_nano;
            ALTER TABLE ledger DROP COLUMN cache_saving;
            DELETE FROM schema_versions WHERE ScriptName = '0003-cache-saving.sql';
            INSERT INTO ledger (operation_id, attempt, cause, tags, dialect, endpoint, stream, started_at, finished_at, usage_source, currency, cost, price_status, cache_status, node, schema)
            VALUES ('old', 1, 'primary', '{}', 'openai', 'chat.completions', 0, '2026-11-01', '2026-11-01', 'measured', 'CNY', '1.000000000', 'priced', 'off', 'n', 1)
            """);
        SqliteMigrations.Apply(rig.Database);

        var ledger = await rig.StartAsync();
        var exchange = LedgerRig.NewExchange();
        exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
        await ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off);
        await LedgerRig.StopAsync(ledger);

        Assert.Equal(
            [("1.000000000", null, null), ("0.000123000", "0.000045000", 45000L)],
            rig.Rows().Select(row => ((string?)row["cost"], (string?)row["cache_saving"], (long?)row["cache_saving_nano"])));
    }

    private static IntentSlot Settled(IntentStore store, int lacks)
    {
        var exchange = LedgerRig.NewExchange();
        var slot = store.TryTake()!;
        Assert.True(LedgerCells.WriteIntent(slot.Memory.IntentRoom, exchange, RowHead.Of(exchange.Attempt!), "node", out var length));
        slot.Memory.PublishIntent(length);
        slot.Memory.PublishSettlement(LedgerCells.WriteSettlement(slot.Memory.SettlementRoom, LedgerRig.End(exchange.Attempt!), CacheResult.Off, LedgerRig.Noon) - lacks);
        slot.Wait(0).GetAwaiter();
        return slot;
    }
}

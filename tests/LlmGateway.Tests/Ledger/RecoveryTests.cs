using System.Diagnostics.Metrics;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Ledger;
using LlmGateway.Protocols.Usage;
using LlmGateway.Storage;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Ledger;

/// <summary>A killed process is one whose ledger is dropped without a word: what it stored in the mapped files is all that is left.</summary>
public class RecoveryTests
{
    private const int FirstSlot = SlotMemory.Size;
    private const int FirstCell = FirstSlot + 64;

    [Fact]
    public async Task An_attempt_in_flight_becomes_an_estimated_row()
    {
        using var rig = new LedgerRig { Pricing = new TenTimesOutput() };
        var killed = await rig.StartAsync();
        var exchange = LedgerRig.NewExchange();
        Begin(killed, exchange);
        exchange.Attempt!.Intent!.Received(10);
        exchange.Attempt.Intent.Received(401);

        var ledger = await rig.StartAsync(new FakeTimeProvider(LedgerRig.Noon.AddHours(1)));
        var row = Assert.Single(rig.Rows());
        Assert.Equal(exchange.OperationId.ToString(), row["operation_id"]);
        Assert.Equal("interrupted", row["error_class"]);
        Assert.Equal("estimated", row["usage_source"]);
        Assert.Equal("estimated", row["price_status"]);
        Assert.Equal((40L, 101L), (row["input_tokens"], row["output_tokens"]));
        Assert.Equal(("1010.000000000", "EUR", "deepseek/deepseek-chat@x"), (row["cost"], row["currency"], row["price_ref"]));
        Assert.Null(row["cache_saving"]);
        Assert.Equal("2026-11-23T13:00:00.123456Z", row["finished_at"]);
        Assert.Equal("""{"team":"a"}""", row["tags"]);
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public async Task Which_rows_it_booked_again_is_noted_for_those_who_add_up_with_what_has_gone_to_PostgreSQL()
    {
        using var rig = new LedgerRig();
        var killed = await rig.StartAsync();
        await Settle(killed, LedgerRig.NewExchange());
        Begin(killed, LedgerRig.NewExchange());
        await LedgerRig.StopAsync(await rig.StartAsync());
        Assert.Equal((2L, 2L), (Noted("recovered_from"), Noted("recovered_to")));

        // As long as rows of the last time are there, those of both times are between the two; then only the new ones.
        Begin(await rig.StartAsync(), LedgerRig.NewExchange());
        await LedgerRig.StopAsync(await rig.StartAsync());
        Assert.Equal((2L, 3L), (Noted("recovered_from"), Noted("recovered_to")));
        rig.Execute("DELETE FROM ledger WHERE id IN (2, 3); UPDATE ledger SET id = 7");
        Begin(await rig.StartAsync(), LedgerRig.NewExchange());
        await LedgerRig.StopAsync(await rig.StartAsync());
        Assert.Equal((8L, 8L), (Noted("recovered_from"), Noted("recovered_to")));

        long Noted(string name)
        {
            using var connection = rig.Database.OpenForReading();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT value FROM ledger_state WHERE name = '{name}'";
            return (long)command.ExecuteScalar()!;
        }
    }

    [Fact]
    public async Task Without_a_price_it_is_unpriced()
    {
        using var rig = new LedgerRig();
        Begin(await rig.StartAsync(), LedgerRig.NewExchange());
        var ledger = await rig.StartAsync();
        var row = Assert.Single(rig.Rows());
        Assert.Equal(("unpriced", null), (row["price_status"], row["cost"]));
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public async Task Of_what_was_settled_and_not_committed_nothing_is_lost_and_nothing_doubled()
    {
        using var rig = new LedgerRig(new LedgerOptions { SlotsPerSegment = 8 });
        using var recovered = new Recovered();
        var killed = await rig.StartAsync(new FakeTimeProvider(LedgerRig.Noon));
        var committed = LedgerRig.NewExchange();
        await Settle(killed, committed);
        rig.Execute("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        var settled = Enumerable.Range(0, 20).Select(_ => LedgerRig.NewExchange()).ToList();
        var open = Enumerable.Range(0, 5).Select(_ => LedgerRig.NewExchange()).ToList();
        settled.Concat(open).ToList().ForEach(exchange => Begin(killed, exchange));
        settled.ForEach(exchange => _ = Finish(killed, exchange));
        Assert.True(SpinWait.SpinUntil(() => !killed.Healthy, TimeSpan.FromSeconds(20)));
        var files = IntentStore.Leftovers(rig.Database.Folder).Select(file => (Path: file, Content: File.ReadAllBytes(file))).ToList();
        Assert.True(files.Count > 1);
        rig.Execute("DROP TRIGGER full");

        for (var start = 0; start < 2; start++)
        {
            // The second start finds what the first found: killed after its commit, before it removed the files.
            files.ForEach(file =>
            {
                // Another file of that name: the dropped ledger still maps the old one.
                File.Delete(file.Path);
                File.WriteAllBytes(file.Path, file.Content);
            });
            await LedgerRig.StopAsync(await rig.StartAsync());
            var rows = rig.Rows();
            Assert.Equal(26, rows.Count);
            Assert.Equal(
                settled.Append(committed).Select(exchange => exchange.OperationId.ToString()).Order(),
                rows.Where(row => row["finish_reason"] is "stop").Select(row => (string)row["operation_id"]!).Order());
            Assert.Equal(
                open.Select(exchange => exchange.OperationId.ToString()).Order(),
                rows.Where(row => row["error_class"] is "interrupted").Select(row => (string)row["operation_id"]!).Order());
        }

        Assert.Equal((40, 10, 0), (recovered.Of("settled"), recovered.Of("intent"), recovered.Of("torn")));
    }

    [Fact]
    public async Task A_torn_intent_is_counted_and_no_row()
    {
        using var rig = new LedgerRig();
        using var recovered = new Recovered();
        Begin(await rig.StartAsync(), LedgerRig.NewExchange());
        Corrupt(rig, FirstCell + 10);
        var ledger = await rig.StartAsync();
        Assert.Equal(0, rig.Count());
        Assert.Equal((0, 1), (recovered.Of("intent"), recovered.Of("torn")));
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public async Task A_torn_settlement_leaves_the_intent()
    {
        using var rig = new LedgerRig();
        var killed = await rig.StartAsync(new FakeTimeProvider(LedgerRig.Noon));
        rig.Execute("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        var exchange = LedgerRig.NewExchange();
        Begin(killed, exchange);
        _ = Finish(killed, exchange);
        Assert.True(SpinWait.SpinUntil(() => !killed.Healthy, TimeSpan.FromSeconds(20)));
        var intentLength = BitConverter.ToInt32(File.ReadAllBytes(IntentStore.Leftovers(rig.Database.Folder)[0]), FirstSlot + 4);
        Corrupt(rig, FirstCell + intentLength + 5);
        rig.Execute("DROP TRIGGER full");

        var ledger = await rig.StartAsync();
        Assert.Equal("interrupted", Assert.Single(rig.Rows())["error_class"]);
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public async Task A_file_of_another_version_stops_the_start()
    {
        using var rig = new LedgerRig();
        File.WriteAllBytes(Path.Combine(rig.Database.Folder, "intents.bin"), [.. Enumerable.Repeat((byte)7, 3 * SlotMemory.Size)]);
        var error = await Assert.ThrowsAsync<StorageException>(() => rig.StartAsync());
        Assert.Contains("not written by this version", error.Message, StringComparison.Ordinal);
        Assert.Single(IntentStore.Leftovers(rig.Database.Folder));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8192)]
    public async Task A_file_that_was_never_finished_holds_nothing(int length)
    {
        using var rig = new LedgerRig();
        File.WriteAllBytes(Path.Combine(rig.Database.Folder, "intents-3.bin"), new byte[length]);
        await LedgerRig.StopAsync(await rig.StartAsync());
        Assert.Equal(0, rig.Count());
    }

    private static void Begin(SlotLedger ledger, Exchange exchange)
    {
        exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
        Assert.NotNull(exchange.Attempt.Intent);
    }

    private static Task Finish(SlotLedger ledger, Exchange exchange) => ledger.SettleAsync(LedgerRig.End(exchange.Attempt!), CacheResult.Off).AsTask();

    private static Task Settle(SlotLedger ledger, Exchange exchange)
    {
        Begin(ledger, exchange);
        return Finish(ledger, exchange);
    }

    private static void Corrupt(LedgerRig rig, int offset)
    {
        using var file = File.Open(IntentStore.Leftovers(rig.Database.Folder)[0], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 1));
    }

    private sealed class TenTimesOutput : IIntentPricing
    {
        public Money? Price(string priceName, DateTimeOffset startedAt, TokenUsage usage, out string? priceRef, out CostSplit? split)
        {
            Assert.Equal(LedgerRig.Noon, startedAt);
            (priceRef, split) = (priceName + "@x", new CostSplit(0, 0, 0, usage.OutputTokens * 10 * CostSplit.NanosPerUnit, 0));
            return new Money(usage.OutputTokens * 10, new Currency("EUR"));
        }
    }

    private sealed class Recovered : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly AsyncLocal<bool> _mine = new() { Value = true };
        private readonly Dictionary<string, long> _counts = [];

        public Recovered()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "ledger_recovered_total")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                // Other tests recover at the same time.
                if (_mine.Value)
                {
                    var state = (string)tags[0].Value!;
                    _counts[state] = _counts.GetValueOrDefault(state) + value;
                }
            });
            _listener.Start();
        }

        public long Of(string state) => _counts.GetValueOrDefault(state);

        public void Dispose() => _listener.Dispose();
    }
}

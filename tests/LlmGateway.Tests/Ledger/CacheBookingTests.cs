using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Ledger;

/// <summary>Rows of answers that caches had: nothing was bought, nobody waits for them, and no end of the process loses or changes one.</summary>
public class CacheBookingTests
{
    private const int FirstSlot = SlotMemory.Size;
    private const int FirstCell = FirstSlot + 64;

    private static readonly CachedAnswer Answer = new(
        "deepseek/chat", "deepseek", "deepseek-chat-0324", "stop", 100, 50, new Money(0.000123m, new Currency("CNY")), TimeSpan.FromMilliseconds(1234.5));

    [Fact]
    public async Task Every_column_says_that_nothing_was_bought_and_what_it_had_cost()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync(new FakeTimeProvider(LedgerRig.Noon.AddMilliseconds(1)));
        var exchange = Asked(CacheResult.Hit);
        Assert.True(ledger.Book(exchange, Answer));
        await LedgerRig.StopAsync(ledger);

        var row = Assert.Single(rig.Rows());
        row.Remove("id");
        row.Remove("node");
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["operation_id"] = exchange.OperationId.ToString(),
                ["attempt"] = 1L,
                ["cause"] = "cache",
                ["tenant"] = "acme",
                ["project"] = "search",
                ["key_id"] = "key_1",
                ["user_id"] = "ünï",
                ["tags"] = """{"team":"a"}""",
                ["dialect"] = "openai",
                ["endpoint"] = "chat.completions",
                ["route"] = "answers",
                ["deployment"] = "deepseek/chat",
                ["provider"] = "deepseek",
                ["model_asked"] = "chat",
                ["model_answered"] = "deepseek-chat-0324",
                ["stream"] = 1L,
                ["started_at"] = "2026-11-23T12:00:00.123456Z",
                ["first_event_at"] = null,
                ["finished_at"] = "2026-11-23T12:00:00.124456Z",
                ["status"] = 200L,
                ["error_class"] = null,
                ["finish_reason"] = "stop",
                ["input_tokens"] = 0L,
                ["cached_input_tokens"] = 0L,
                ["cache_write_tokens"] = 0L,
                ["output_tokens"] = 0L,
                ["reasoning_tokens"] = 0L,
                ["units"] = """{"saved_input_tokens":100,"saved_output_tokens":50,"saved_ms":1234}""",
                ["usage_source"] = "measured",
                ["currency"] = "CNY",
                ["cost"] = "0.000000000",
                ["cost_nano"] = 0L,
                ["price_ref"] = null,
                ["price_status"] = "priced",
                ["cache_status"] = "hit",
                ["cache_saving"] = "0.000123000",
                ["cache_saving_nano"] = 123000L,
                ["cost_parts"] = null,
                ["schema"] = 1L,
                ["request_id"] = "req-1",
            }.OrderBy(cell => cell.Key, StringComparer.Ordinal),
            row.OrderBy(cell => cell.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_it_is_not_known_what_it_had_cost_the_nothing_is_in_the_base_currency()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        Assert.True(ledger.Book(Asked(CacheResult.Semantic), Answer with { Saved = null, SavedTime = TimeSpan.FromSeconds(-1) }));
        await LedgerRig.StopAsync(ledger);

        var row = Assert.Single(rig.Rows());
        Assert.Equal(("USD", "0.000000000", null, "semantic"), (row["currency"], row["cost"], row["cache_saving"], row["cache_status"]));
        Assert.Contains("\"saved_ms\":0}", (string)row["units"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_before_the_commit_it_is_booked_as_what_it_is()
    {
        using var rig = new LedgerRig();

        // Its clock stands still, so that rows gather and none is committed.
        var killed = await rig.StartAsync(new FakeTimeProvider(LedgerRig.Noon));
        var exchange = Asked(CacheResult.Coalesced);
        Assert.True(killed.Book(exchange, Answer));
        Assert.Equal(0, rig.Count());

        await LedgerRig.StopAsync(await rig.StartAsync());
        var row = Assert.Single(rig.Rows());
        Assert.Equal(
            (exchange.OperationId.ToString(), "coalesced", "measured", null, "0.000123000"),
            (row["operation_id"], row["cache_status"], row["usage_source"], row["error_class"], row["cache_saving"]));
    }

    [Fact]
    public async Task What_a_power_cut_tore_is_no_attempt_that_was_interrupted()
    {
        using var rig = new LedgerRig();
        var killed = await rig.StartAsync(new FakeTimeProvider(LedgerRig.Noon));
        Assert.True(killed.Book(Asked(CacheResult.Hit), Answer));
        using (var file = File.Open(IntentStore.Leftovers(rig.Database.Folder)[0], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var head = new byte[FirstCell];
            file.ReadExactly(head);
            file.Position = FirstCell + BitConverter.ToInt32(head, FirstSlot + 4) + 5;
            file.WriteByte(0xFF);
        }

        await LedgerRig.StopAsync(await rig.StartAsync());
        Assert.Equal(0, rig.Count());
    }

    [Fact]
    public async Task While_rows_do_not_reach_the_database_none_is_taken()
    {
        using var rig = new LedgerRig();
        var time = new FakeTimeProvider(LedgerRig.Noon);
        var ledger = await rig.StartAsync(time);
        rig.Execute("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        Assert.True(ledger.Book(Asked(CacheResult.Hit), Answer));
        time.Advance(rig.Options.Linger);
        Assert.True(SpinWait.SpinUntil(() => !ledger.Healthy, TimeSpan.FromSeconds(20)));

        var refused = Asked(CacheResult.Hit);
        Assert.False(ledger.Book(refused, Answer));
        Assert.Equal(1, refused.TakeNumber());
    }

    [Fact]
    public async Task A_slot_goes_from_hit_to_attempt_and_back_and_none_is_lost()
    {
        using var rig = new LedgerRig(new LedgerOptions { SlotsPerSegment = 2, MaxSegments = 1, Linger = TimeSpan.FromMilliseconds(1) });
        var ledger = await rig.StartAsync();
        for (var round = 0; round < 50; round++)
        {
            Assert.True(SpinWait.SpinUntil(() => ledger.InFlight == 0, TimeSpan.FromSeconds(20)));
            Assert.True(ledger.Book(Asked(CacheResult.Hit), Answer));
            Assert.True(ledger.Book(Asked(CacheResult.Hit), Answer));
            Assert.True(SpinWait.SpinUntil(() => ledger.InFlight == 0, TimeSpan.FromSeconds(20)));
            var exchange = LedgerRig.NewExchange();
            exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
            await ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off);
        }

        Assert.Equal(150, rig.Count());
        var (first, second, third) = (LedgerRig.NewExchange(), LedgerRig.NewExchange(), Asked(CacheResult.Hit));
        Assert.True(SpinWait.SpinUntil(() => ledger.InFlight == 0, TimeSpan.FromSeconds(20)));
        Assert.NotNull(ledger.Begin(first, first.Attempt!));
        Assert.NotNull(ledger.Begin(second, second.Attempt!));
        Assert.False(ledger.Book(third, Answer));
        Assert.Equal(1, third.TakeNumber());
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public void The_ledger_spells_results_as_headers_and_metrics_do() =>
        Assert.All(Enum.GetValues<CacheResult>(), result => Assert.Equal(CacheNames.Of(result), System.Text.Encoding.UTF8.GetString(LedgerNames.Of(result))));

    private static Exchange Asked(CacheResult result)
    {
        var exchange = LedgerRig.NewExchange();
        (exchange.Route, exchange.Plan, exchange.Attempt, exchange.CacheResult) = ("answers", null, null, result);
        return exchange;
    }
}

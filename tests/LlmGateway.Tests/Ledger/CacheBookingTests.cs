using System.Collections.Frozen;
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
                ["schema"] = 1L,
                ["request_id"] = "req-1",
            }.OrderBy(cell => cell.Key, StringComparer.Ordinal),
            row.OrderBy(cell => cell.Key, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null, "EUR")]
    [InlineData("CNY", "CNY")]
    public async Task Where_it_is_not_known_what_it_had_cost_the_nothing_is_in_the_currency_of_the_tenant_or_the_base(string? chosen, string expected)
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var tenant = new Tenant("acme", chosen is null ? null : new Currency(chosen), FrozenDictionary<string, Project>.Empty);
        var snapshot = LedgerRig.NoSnapshot with
        {
            Rates = new ExchangeRates(new Currency("EUR"), []),
            Tenants = new[] { KeyValuePair.Create("acme", tenant) }.ToFrozenDictionary(),
        };
        Assert.True(ledger.Book(Asked(CacheResult.Semantic, snapshot), Answer with { Saved = null, SavedTime = TimeSpan.FromSeconds(-1) }));
        await LedgerRig.StopAsync(ledger);

        var row = Assert.Single(rig.Rows());
        Assert.Equal((expected, "0.000000000", null, "semantic"), (row["currency"], row["cost"], row["cache_saving"], row["cache_status"]));
        Assert.Contains("\"saved_ms\":0}", (string)row["units"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_before_the_commit_it_is_booked_as_what_it_is()
    {
        using var rig = new LedgerRig();
        var killed = await rig.StartAsync(new FakeTimeProvider(LedgerRig.Noon));
        rig.Execute("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        var exchange = Asked(CacheResult.Coalesced);
        Assert.True(killed.Book(exchange, Answer));
        Assert.True(SpinWait.SpinUntil(() => !killed.Healthy, TimeSpan.FromSeconds(20)));
        Assert.False(killed.Book(Asked(CacheResult.Hit), Answer));
        rig.Execute("DROP TRIGGER full");

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
        rig.Execute("CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        Assert.True(killed.Book(Asked(CacheResult.Hit), Answer));
        Assert.True(SpinWait.SpinUntil(() => !killed.Healthy, TimeSpan.FromSeconds(20)));
        using (var file = File.Open(IntentStore.Leftovers(rig.Database.Folder)[0], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var head = new byte[FirstCell];
            file.ReadExactly(head);
            file.Position = FirstCell + BitConverter.ToInt32(head, FirstSlot + 4) + 5;
            file.WriteByte(0xFF);
        }

        rig.Execute("DROP TRIGGER full");
        await LedgerRig.StopAsync(await rig.StartAsync());
        Assert.Equal(0, rig.Count());
    }

    [Fact]
    public async Task A_slot_goes_from_hit_to_attempt_and_back_and_none_is_lost()
    {
        using var rig = new LedgerRig(new LedgerOptions { SlotsPerSegment = 2, MaxSegments = 1 });
        var ledger = await rig.StartAsync();
        for (var round = 0; round < 50; round++)
        {
            Assert.True(SpinWait.SpinUntil(() => ledger.InFlight == 0, TimeSpan.FromSeconds(20)));
            Assert.True(ledger.Book(Asked(CacheResult.Hit), Answer));
            Assert.True(ledger.Book(Asked(CacheResult.Hit), Answer));
            Assert.True(SpinWait.SpinUntil(() => ledger.InFlight == 0, TimeSpan.FromSeconds(20)));
            var exchange = LedgerRig.NewExchange();
            exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
            await ledger.SettleAsync(LedgerRig.End(exchange.Attempt));
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

    [Theory]
    [InlineData("Off", "off")]
    [InlineData("Miss", "miss")]
    [InlineData("Hit", "miss")]
    public async Task An_attempt_says_whether_a_cache_was_asked_before_it_and_is_no_hit_itself(string result, string expected)
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var (settled, killed) = (LedgerRig.NewExchange(), LedgerRig.NewExchange());
        settled.CacheResult = killed.CacheResult = Enum.Parse<CacheResult>(result);
        settled.Attempt!.Intent = ledger.Begin(settled, settled.Attempt);
        await ledger.SettleAsync(LedgerRig.End(settled.Attempt));
        Assert.NotNull(ledger.Begin(killed, killed.Attempt!));
        await LedgerRig.StopAsync(await rig.StartAsync());

        Assert.Equal([(null, expected), ("interrupted", expected)], rig.Rows().Select(row => ((string?)row["error_class"], (string)row["cache_status"]!)));
    }

    [Fact]
    public void The_ledger_spells_results_as_headers_and_metrics_do() =>
        Assert.All(Enum.GetValues<CacheResult>(), result => Assert.Equal(CacheNames.Of(result), System.Text.Encoding.UTF8.GetString(LedgerNames.Of(result))));

    private static Exchange Asked(CacheResult result, LlmGateway.Configuration.Snapshot? snapshot = null)
    {
        var exchange = LedgerRig.NewExchange(snapshot: snapshot);
        (exchange.Route, exchange.Plan, exchange.Attempt, exchange.CacheResult) = ("answers", null, null, result);
        return exchange;
    }
}

using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Ledger;
using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Tests.Ledger;

public class LedgerRowTests
{
    [Fact]
    public async Task Every_column_of_the_contract_is_written_as_it_says()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var exchange = LedgerRig.NewExchange(Guid.Parse("0193A5C0-1111-7222-8333-444455556666"));
        await SettleAsync(ledger, exchange, LedgerRig.End);
        // Whatever the end of an answer waits for at most, the stop waits for all.
        await LedgerRig.StopAsync(ledger);
        var row = Assert.Single(rig.Rows());
        var node = Assert.IsType<string>(row["node"]);
        Assert.StartsWith(Environment.MachineName + "-", node, StringComparison.Ordinal);
        row.Remove("id");
        row.Remove("node");
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["operation_id"] = "0193a5c0-1111-7222-8333-444455556666",
                ["attempt"] = 1L,
                ["cause"] = "primary",
                ["tenant"] = "acme",
                ["project"] = "search",
                ["key_id"] = "key_1",
                ["user_id"] = "ünï",
                ["tags"] = """{"team":"a"}""",
                ["dialect"] = "openai",
                ["endpoint"] = "chat.completions",
                ["route"] = "chat",
                ["deployment"] = "deepseek/chat",
                ["provider"] = "deepseek",
                ["model_asked"] = "chat",
                ["model_answered"] = "deepseek-chat-0324",
                ["stream"] = 1L,
                ["started_at"] = "2026-11-23T12:00:00.123456Z",
                ["first_event_at"] = "2026-11-23T12:00:00.373456Z",
                ["finished_at"] = "2026-11-23T12:00:02.123456Z",
                ["status"] = 200L,
                ["error_class"] = null,
                ["finish_reason"] = "stop",
                ["input_tokens"] = 100L,
                ["cached_input_tokens"] = 60L,
                ["cache_write_tokens"] = 5L,
                ["output_tokens"] = 50L,
                ["reasoning_tokens"] = 20L,
                ["units"] = null,
                ["usage_source"] = "measured",
                ["currency"] = "CNY",
                ["cost"] = "0.000123000",
                ["cost_nano"] = 123000L,
                ["price_ref"] = "deepseek/deepseek-chat@2026-09-10",
                ["price_status"] = "priced",
                ["cache_status"] = "off",
                ["cache_saving"] = "0.000045000",
                ["cache_saving_nano"] = 45000L,
                ["cost_parts"] = "[35000,6000,7000,75000,0]",
                ["schema"] = 1L,
                ["request_id"] = "req-1",
            }.OrderBy(cell => cell.Key, StringComparer.Ordinal),
            row.OrderBy(cell => cell.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_nobody_knows_is_null_and_not_zero()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var exchange = LedgerRig.NewExchange();
        exchange.Tags = default;
        exchange.User = null;
        await SettleAsync(ledger, exchange, attempt =>
        {
            attempt.Outcome = new AttemptOutcome(AttemptResult.Failed, null, ErrorClass.BadGateway);
            return attempt;
        });
        await LedgerRig.StopAsync(ledger);
        var row = Assert.Single(rig.Rows());
        foreach (var column in (string[])["status", "first_event_at", "input_tokens", "output_tokens", "cost", "cost_nano", "currency", "price_ref", "user_id"])
        {
            Assert.Null(row[column]);
        }

        Assert.Equal("{}", row["tags"]);
        Assert.Equal("unknown", row["usage_source"]);
        Assert.Equal("unpriced", row["price_status"]);
        Assert.NotNull(row["finished_at"]);
    }

    [Fact]
    public void Every_enum_member_has_its_name()
    {
        Assert.Equal("primary retry fallback hedge shadow cache embedding evaluation", Names<AttemptCause>(value => LedgerNames.Of(value).ToArray()));
        Assert.Equal("unknown measured estimated", Names<UsageSource>(value => LedgerNames.Of(value).ToArray()));
        Assert.Equal("priced unpriced estimated", Names<PriceStatus>(value => LedgerNames.Of(value).ToArray()));
        Assert.Equal("chat.completions completions embeddings", Names([EndpointKind.ChatCompletions, EndpointKind.Completions, EndpointKind.Embeddings], value => LedgerNames.Of(value).ToArray()));
        Assert.Equal(
            "bad_request upstream_auth model_access context_length content_filter rate_limit quota_exhausted overloaded timeout bad_gateway interrupted",
            Names<ErrorClass>(value => LedgerNames.Of(value).ToArray()));
    }

    [Theory]
    [InlineData(AttemptResultName.Succeeded, null, "")]
    [InlineData(AttemptResultName.Cancelled, null, "cancelled")]
    [InlineData(AttemptResultName.Failed, ErrorClass.RateLimit, "rate_limit")]
    public void An_outcome_has_an_error_class(AttemptResultName result, ErrorClass? error, string expected) =>
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(LedgerNames.Of(new AttemptOutcome((AttemptResult)result, null, error))));

    [Fact]
    public async Task The_longest_names_fit_a_slot_and_are_cut_between_characters()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var exchange = LedgerRig.NewExchange();
        var huge = "x" + new string('é', 5000);
        exchange.User = huge;
        exchange.RequestId = huge;
        exchange.Key = exchange.Key! with { Tenant = huge, Project = huge, Id = huge };
        await SettleAsync(ledger, exchange, attempt =>
        {
            LedgerRig.End(attempt);
            (attempt.ModelAnswered, attempt.FinishReason, attempt.PriceRef) = (huge, huge, huge);
            attempt.Cost = new Money(-79228162514264337593.543950335m, new Currency(huge));
            attempt.CacheSaving = attempt.Cost;
            return attempt;
        });
        await LedgerRig.StopAsync(ledger);
        var row = Assert.Single(rig.Rows());
        Assert.Equal(huge[..96], row["tenant"]);
        Assert.Equal("-79228162514264337593.543950335", row["cost"]);
        Assert.Equal(row["cost"], row["cache_saving"]);
        Assert.Equal("""{"team":"a"}""", row["tags"]);
    }

    [Fact]
    public async Task Tags_too_long_for_a_slot_are_in_the_row_all_the_same()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var exchange = LedgerRig.NewExchange();
        var tags = $$"""{"long":"{{new string('a', 9000)}}"}""";
        exchange.Tags = System.Text.Encoding.UTF8.GetBytes(tags);
        await SettleAsync(ledger, exchange, LedgerRig.End);
        await SettleAsync(ledger, LedgerRig.NewExchange(), LedgerRig.End);
        await LedgerRig.StopAsync(ledger);
        Assert.Equal([tags, """{"team":"a"}"""], rig.Rows().Select(row => row["tags"]));
    }

    [Fact]
    public async Task Attempts_of_one_exchange_are_rows_of_their_own()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var id = Guid.CreateVersion7();
        await SettleAsync(ledger, LedgerRig.NewExchange(id), LedgerRig.End);
        await SettleAsync(ledger, LedgerRig.NewExchange(id, attempt: 2), LedgerRig.End);
        await LedgerRig.StopAsync(ledger);
        Assert.Equal([1L, 2L], rig.Rows().Select(row => row["attempt"]));
    }

    [Fact]
    public async Task A_row_that_is_there_stays_as_it_is()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var id = Guid.CreateVersion7();
        await SettleAsync(ledger, LedgerRig.NewExchange(id), LedgerRig.End);
        await SettleAsync(ledger, LedgerRig.NewExchange(id), attempt =>
        {
            LedgerRig.End(attempt).FinishReason = "other";
            return attempt;
        });
        await LedgerRig.StopAsync(ledger);
        Assert.Equal("stop", Assert.Single(rig.Rows())["finish_reason"]);
    }

    /// <summary>The gateway's own enum is internal; a public test method needs one of its own.</summary>
    public enum AttemptResultName
    {
        Succeeded,
        Failed,
        Cancelled,
    }

    private static async Task SettleAsync(SlotLedger ledger, Exchange exchange, Func<Attempt, Attempt> end)
    {
        var observer = new LedgerObserver(ledger);
        Assert.Null(observer.Starting(exchange, exchange.Attempt!));
        end(exchange.Attempt!);
        await observer.EndedAsync(exchange, exchange.Attempt!);
        Assert.Null(exchange.Attempt!.Intent);
    }

    private static string Names<T>(Func<T, byte[]> name)
        where T : struct, Enum =>
        Names(Enum.GetValues<T>(), name);

    private static string Names<T>(IEnumerable<T> values, Func<T, byte[]> name) =>
        string.Join(' ', values.Select(value => System.Text.Encoding.UTF8.GetString(name(value))));
}

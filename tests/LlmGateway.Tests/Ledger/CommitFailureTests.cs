using LlmGateway.Gateway;
using LlmGateway.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Ledger;

public class CommitFailureTests
{
    private const string Break = "CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ROLLBACK, 'disk full'); END";
    private const string Mend = "DROP TRIGGER full";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_failing_database_refuses_new_attempts_and_loses_no_row()
    {
        using var rig = new LedgerRig();
        var time = new FakeTimeProvider(LedgerRig.Noon);
        var ledger = await rig.StartAsync(time);
        var observer = new LedgerObserver(ledger);
        rig.Execute(Break);
        var exchanges = Enumerable.Range(0, 20).Select(_ => LedgerRig.NewExchange()).ToList();
        Assert.All(exchanges, exchange => Assert.Null(observer.Starting(exchange, exchange.Attempt!)));
        var waits = exchanges.ConvertAll(exchange =>
        {
            LedgerRig.End(exchange.Attempt!);
            return observer.EndedAsync(exchange, exchange.Attempt!).AsTask();
        });

        await Until(() => !ledger.Healthy);
        Assert.Equal(503, Start(observer)?.Status);
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);
        Assert.Equal(0, rig.Count());

        await AdvanceUntil(time, () => waits.TrueForAll(wait => wait.IsCompletedSuccessfully));
        Assert.Equal(20, ledger.InFlight);

        rig.Execute(Mend);
        await AdvanceUntil(time, () => ledger.Healthy);
        await Until(() => ledger.InFlight == 0);
        Assert.Equal(20, rig.Count());
        Assert.Null(Start(observer));
    }

    [Fact]
    public async Task A_database_that_hangs_holds_an_answer_back_for_a_second_at_most()
    {
        using var rig = new LedgerRig();
        var time = new FakeTimeProvider(LedgerRig.Noon);
        var ledger = await rig.StartAsync(time);
        using var other = rig.Database.Open();
        Execute(other, "BEGIN IMMEDIATE");
        var exchange = LedgerRig.NewExchange();
        exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
        var wait = ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off).AsTask();

        time.Advance(TimeSpan.FromMilliseconds(750));
        Assert.False(wait.IsCompleted);
        await AdvanceUntil(time, () => wait.IsCompletedSuccessfully);
        Assert.Equal(1, ledger.InFlight);

        Execute(other, "ROLLBACK");
        await AdvanceUntil(time, () => rig.Count() == 1);
        await Until(() => ledger.InFlight == 0);
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public async Task What_goes_on_after_a_long_wait_may_begin_attempts_of_its_own()
    {
        using var rig = new LedgerRig(new LedgerOptions { SlotsPerSegment = 4 });
        var time = new FakeTimeProvider(LedgerRig.Noon);
        var ledger = await rig.StartAsync(time);
        using var other = rig.Database.Open();
        Execute(other, "BEGIN IMMEDIATE");
        var answers = Enumerable.Range(0, 3).Select(_ => AnswerAndBeginAsync(ledger)).ToList();

        await AdvanceUntil(time, () => answers.TrueForAll(answer => answer.IsCompleted));
        await Task.WhenAll(answers);

        Execute(other, "ROLLBACK");
        await AdvanceUntil(time, () => rig.Count() == 3);
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public async Task A_gateway_that_cannot_commit_while_it_stops_leaves_the_rows_to_the_next_start()
    {
        using var rig = new LedgerRig();
        var time = new FakeTimeProvider(LedgerRig.Noon);
        var ledger = await rig.StartAsync(time);
        rig.Execute(Break);
        var exchange = LedgerRig.NewExchange();
        exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
        _ = ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off).AsTask();
        await Until(() => !ledger.Healthy);
        var stop = ledger.StopAsync(default);
        await AdvanceUntil(time, () => stop.IsCompleted);
        await ledger.DisposeAsync();
        Assert.Single(IntentStore.Leftovers(rig.Database.Folder));

        rig.Execute(Mend);
        var next = await rig.StartAsync();
        Assert.Equal("stop", Assert.Single(rig.Rows())["finish_reason"]);
        await LedgerRig.StopAsync(next);
    }

    /// <summary>An answer's end, and on the same thread the next requests of its connection.</summary>
    private static async Task AnswerAndBeginAsync(SlotLedger ledger)
    {
        var exchange = LedgerRig.NewExchange();
        exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
        await ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off).ConfigureAwait(false);
        for (var next = 0; next < 4; next++)
        {
            Assert.NotNull(ledger.Begin(LedgerRig.NewExchange(), exchange.Attempt));
        }
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private static async Task AdvanceUntil(FakeTimeProvider time, Func<bool> condition)
    {
        await Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            return condition();
        });
    }

    private static void Execute(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static GatewayError? Start(LedgerObserver observer)
    {
        var exchange = LedgerRig.NewExchange();
        return observer.Starting(exchange, exchange.Attempt!);
    }
}

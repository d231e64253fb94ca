using LlmGateway.Gateway;

namespace LlmGateway.Tests.Ledger;

/// <summary>What has no row yet, by when it began: a month is not closed as long as there is any of it.</summary>
public sealed class InFlightTests
{
    [Fact]
    public async Task An_attempt_is_in_flight_of_the_time_that_it_began_in_until_its_row_is_there()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var (early, late) = (LedgerRig.NewExchange(), LedgerRig.NewExchange(startedAt: LedgerRig.Noon.AddHours(2)));
        foreach (var exchange in new[] { late, early })
        {
            exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
        }

        Assert.Equal(2, ledger.InFlightOf(LedgerRig.Noon, LedgerRig.Noon.AddHours(3)));
        Assert.Equal(1, ledger.InFlightOf(LedgerRig.Noon, LedgerRig.Noon.AddHours(2)));
        Assert.Equal(0, ledger.InFlightOf(LedgerRig.Noon.AddHours(-1), LedgerRig.Noon));
        Assert.Equal(early.Attempt!.StartedAt, ledger.OldestInFlight);

        await ledger.SettleAsync(LedgerRig.End(early.Attempt), CacheResult.Off);
        Assert.Equal(0, ledger.InFlightOf(LedgerRig.Noon, LedgerRig.Noon.AddHours(2)));
        Assert.Equal(late.Attempt!.StartedAt, ledger.OldestInFlight);
        await ledger.SettleAsync(LedgerRig.End(late.Attempt), CacheResult.Off);
        Assert.Null(ledger.OldestInFlight);
        Assert.Equal(2, rig.Rows().Count);
        await LedgerRig.StopAsync(ledger);
    }

    [Fact]
    public async Task What_is_settled_and_cannot_be_committed_is_in_flight_still()
    {
        using var rig = new LedgerRig();
        var ledger = await rig.StartAsync();
        var exchange = LedgerRig.NewExchange();
        exchange.Attempt!.Intent = ledger.Begin(exchange, exchange.Attempt);
        Task settled;
        using (var other = rig.Database.Open())
        using (other.BeginTransaction())
        {
            settled = ledger.SettleAsync(LedgerRig.End(exchange.Attempt), CacheResult.Off).AsTask();
            Assert.Equal(1, ledger.InFlightOf(LedgerRig.Noon, LedgerRig.Noon.AddHours(1)));
        }

        await settled;
        await LedgerRig.StopAsync(ledger);
        Assert.Single(rig.Rows());
    }
}

using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Sharing;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Tests.Caching.Semantic;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Tests.Caching.Sharing;

public sealed class FlightsTests : IDisposable
{
    private readonly SemanticRig _rig = new(SemanticSettings.Off);

    [Fact]
    public async Task Whoever_joins_and_leaves_at_once_takes_nothing_from_who_begins()
    {
        var flights = new Flights();
        var exchange = _rig.Exchange(SemanticRig.Chat("x"));
        var key = new FlightKey(CacheKey.Of("secret"u8, "x"u8), true, false, null);
        for (var i = 0; i < 20_000; i++)
        {
            var joined = Task.Run(() => JoinAndLeave(flights, exchange, key));
            JoinAndLeave(flights, exchange, key);
            await joined;
            Assert.Equal(0, flights.Readers);
        }
    }

    [Fact]
    public void What_cannot_be_joined_any_more_is_followed_by_a_run_of_its_own()
    {
        var flights = new Flights();
        var exchange = _rig.Exchange(SemanticRig.Chat("x"));
        var key = new FlightKey(CacheKey.Of("secret"u8, "x"u8), true, false, null);
        var first = flights.Join(key, exchange, default, () => Run(exchange), out var leads);
        Assert.True(leads);
        first.Run.Log.End(ReadState.Failed);

        var second = flights.Join(key, exchange, default, () => Run(exchange), out leads);

        Assert.True(leads);
        Assert.NotSame(first.Run, second.Run);
        flights.Remove(key, first.Run);
        Assert.Same(second.Run, flights.Join(key, exchange, default, () => Run(exchange), out leads).Run);
        Assert.False(leads);
    }

    public void Dispose() => _rig.Dispose();

    private static void JoinAndLeave(Flights flights, Exchange exchange, FlightKey key)
    {
        var (run, reader) = flights.Join(key, exchange, default, () => Run(exchange), out var leads);
        reader.Leave();
        if (leads)
        {
            flights.Remove(key, run);
        }
    }

    private static SharedRun Run(Exchange exchange) => new(exchange, new SharingOptions(), NullLogger.Instance);
}

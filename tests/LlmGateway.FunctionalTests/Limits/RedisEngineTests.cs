using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;
using StackExchange.Redis;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Three nodes with one Redis, which all tests of the class share.</summary>
public sealed class RedisEngineTests(RedisEngineTests.Server server) : EngineProperties, IClassFixture<RedisEngineTests.Server>
{
    private readonly List<RedisNode> _nodes = [];

    private protected override FakeLedger Ledger => _nodes[0].Ledger;

    public override async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private protected override async Task<IReservationEngine[]> StartAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _nodes.Add(await RedisNode.StartAsync(server.Redis.ConnectionString, Configuration));
        }

        return [.. _nodes.Select(node => node.Engine)];
    }

    private protected override Task SettledAsync() => Task.WhenAll(_nodes.Select(node => node.SettledAsync()));

    // Redis goes by its own clock.
    private protected override async Task PassAsync(TimeSpan time)
    {
        var redis = server.Connection.GetServer(server.Redis.ConnectionString);
        var end = await redis.TimeAsync() + time;
        await Eventually.TrueAsync(async () => await redis.TimeAsync() >= end);
    }

    [Fact]
    public async Task A_reservation_that_is_made_again_is_the_same()
    {
        var (month, minute) = (Accounts.Month(Tenant, 100), Accounts.Window(Tenant, 100, TimeSpan.FromMinutes(1)));
        var first = Accounts.Of((month, 40), (minute, 40));
        var again = new Reservation(first.Id, Tenant, [.. first.Lines]);
        Assert.Null(await Engine.ReserveAsync(first));
        Assert.Null(await Engine.ReserveAsync(again));
        Assert.Equal(first.Lines[1].Place, again.Lines[1].Place);
        Assert.Equal(40, (await Engine.ReadAsync(month)).Held);
        Assert.Equal(40, (await Engine.ReadAsync(minute)).Held);
    }

    [Fact]
    public async Task A_reservation_that_is_settled_twice_over_is_booked_once()
    {
        var month = Accounts.Month(Tenant, 100);
        var first = Accounts.Of(month, 40);
        var again = new Reservation(first.Id, Tenant, [.. first.Lines]);
        await Engine.ReserveAsync(first);
        await Engines[1].ReserveAsync(again);
        Engine.Settle(first, 12);
        await SettledAsync();
        Engines[1].Settle(again, 12);
        await SettledAsync();
        Assert.Equal(new AccountFigures(12, 0, IsDegraded: false), await Engine.ReadAsync(month));
    }

    [Fact]
    public async Task What_was_settled_is_not_remembered_for_long_by_who_heard_so()
    {
        var slots = Accounts.Slots(Tenant, 10);
        for (var i = 0; i < 20; i++)
        {
            var mine = Accounts.Of(slots, 1);
            await Engine.ReserveAsync(mine);
            Engine.Settle(mine, 0);
            await SettledAsync();
        }

        var left = server.Connection.GetServer(server.Redis.ConnectionString).Keys(pattern: $"llmg:2:{{{Tenant}}}:*").Select(key => (string)key!);
        Assert.Single(left);
    }

    [Fact]
    public async Task A_thousand_requests_that_meet_a_new_account_ask_the_ledger_once()
    {
        var month = Accounts.Month(Tenant, 5000);
        var refusals = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () => await Engine.ReserveAsync(Accounts.Of(month, 5)))));
        Assert.All(refusals, Assert.Null);
        Assert.InRange(Ledger.Asked, 1, 10);
        Assert.Equal(5000, (await Engine.ReadAsync(month)).Held);
    }

    [Fact]
    public async Task Sums_are_exact_where_doubles_are_not()
    {
        const long Large = (1L << 60) + 1;
        var month = Accounts.Month(Tenant, long.MaxValue);
        var first = Accounts.Of(month, Large);
        Assert.Null(await Engine.ReserveAsync(first));
        Engine.Settle(first, Large);
        await SettledAsync();
        var key = (RedisKey)server.Connection.GetServer(server.Redis.ConnectionString).Keys(pattern: $"llmg:2:{{{Tenant}}}:p:*").Single();
        Assert.Equal(Large, (long)await server.Connection.GetDatabase().HashGetAsync(key, "s"));
        Assert.Equal(0, (long)await server.Connection.GetDatabase().HashGetAsync(key, "h"));
    }

    public sealed class Server : IAsyncLifetime
    {
        internal RedisServer Redis { get; private set; } = null!;

        internal ConnectionMultiplexer Connection { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Redis = await RedisServer.StartAsync();
            Connection = await ConnectionMultiplexer.ConnectAsync(Redis.ConnectionString);
        }

        public async Task DisposeAsync()
        {
            await Connection.DisposeAsync();
            Redis.Dispose();
        }
    }
}

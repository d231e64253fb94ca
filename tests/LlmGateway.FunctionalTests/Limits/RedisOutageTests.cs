using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Redis dies, hangs, comes back, or forgets.</summary>
[Collection(Heavy.Name)]
public sealed class RedisOutageTests : IAsyncLifetime
{
    /// <summary>As a gateway has it, but for the lease.</summary>
    private static readonly LimitOptions Options = new() { Lease = TimeSpan.FromSeconds(3), Heartbeat = TimeSpan.FromMilliseconds(100) };

    /// <summary>For a Redis that is gone, which a node hears at once: no answer is late only because this machine is busy.</summary>
    private static readonly LimitOptions Patient = new()
    {
        RedisTimeout = RedisNode.Patient.RedisTimeout,
        BusyTimeout = RedisNode.Patient.BusyTimeout,
        BackgroundTimeout = RedisNode.Patient.BackgroundTimeout,
        Heartbeat = Options.Heartbeat,
    };

    private readonly List<RedisNode> _nodes = [];
    private OneTenant _configuration = new();
    private RedisServer _redis = null!;

    private string Tenant => _configuration.Name;

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _redis.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_call_waits_for_a_Redis_that_is_gone_or_hangs(bool hangs)
    {
        var hang = TimeSpan.FromSeconds(5);
        var node = await StartAsync(new LimitOptions { Lease = Options.Lease, Heartbeat = Options.Heartbeat, BackgroundTimeout = hang });
        var month = Accounts.Month(Tenant, 1000);
        Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(month, 1)));
        await BreakAsync(hangs);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            var mine = Accounts.Of(month, 1);
            return (Mine: mine, Refusal: await node.Engine.ReserveAsync(mine));
        })));

        // Bounded by 200 ms of silence; a machine that tests share may add much, but not the seconds of a hang.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, hang);
        Assert.All(all, answer => Assert.Null(answer.Refusal));
        Assert.All(all, answer => Assert.True(answer.Mine.IsDegraded));
        await Eventually.TrueAsync(() => !node.Link.IsUp);
        Assert.False(node.States.IsUp("redis"));

        // And once it is left alone, no call is made at all.
        var call = node.Engine.ReserveAsync(Accounts.Of(month, 1));
        Assert.True(call.IsCompleted, "a request waits while Redis is left alone");
        Assert.True((await node.Engine.ReadAsync(month)).IsDegraded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_spent_without_Redis_is_booked_exactly_when_it_is_back(bool hangs)
    {
        var (one, other) = (await StartAsync(), await StartAsync());
        await KnowEachOtherAsync();
        var (month, day, slots) = (Accounts.Month(Tenant, 1000), Accounts.Window(Tenant, 1000, TimeSpan.FromDays(1)), Accounts.Slots(Tenant, 100));
        var before = await HoldInRedisAsync(one);
        var later = await HoldInRedisAsync(other);
        await BreakAsync(hangs);
        await Eventually.TrueAsync(async () => (await HoldAsync(one, settle: 0)).IsDegraded);
        await Eventually.TrueAsync(async () => (await HoldAsync(other, settle: 0)).IsDegraded);
        one.Engine.Settle(before, 7, 7, 0);
        for (var i = 0; i < 10; i++)
        {
            await HoldAsync(one, settle: 3);
            await HoldAsync(other, settle: 4);
        }

        var open = await HoldAsync(one);
        Assert.True(open.IsDegraded);
        await MendAsync(hangs);
        await BackAsync();
        Assert.Equal(new AccountFigures(77, 20, IsDegraded: false), await QuietAsync(month));
        Assert.Equal(new AccountFigures(77, 20, IsDegraded: false), await QuietAsync(day));
        Assert.Equal(2, (await QuietAsync(slots)).Held);
        one.Engine.Settle(open, 5, 5, 0);
        other.Engine.Settle(later, 2, 2, 0);
        Assert.Equal(new AccountFigures(84, 0, IsDegraded: false), await QuietAsync(month, held: 0));
        Assert.Equal(new AccountFigures(84, 0, IsDegraded: false), await QuietAsync(day, held: 0));
        Assert.Equal(0, (await QuietAsync(slots, held: 0)).Held);
        await HoldInRedisAsync(one);

        // On a machine that is busy with other things an answer may be late without any outage.
        async Task<Reservation> HoldInRedisAsync(RedisNode node)
        {
            while (true)
            {
                var mine = await HoldAsync(node);
                if (!mine.IsDegraded)
                {
                    return mine;
                }

                node.Engine.Settle(mine, 0, 0, 0);
            }
        }

        async Task<Reservation> HoldAsync(RedisNode node, long? settle = null)
        {
            var mine = Accounts.Of((month, 10), (day, 10), (slots, 1));
            Assert.Null(await node.Engine.ReserveAsync(mine));
            if (settle is { } actual)
            {
                node.Engine.Settle(mine, actual, actual, 0);
            }

            return mine;
        }
    }

    [Fact]
    public async Task Nodes_keep_to_their_shares_and_together_to_the_whole()
    {
        var (one, other) = (await StartAsync(Patient), await StartAsync(Patient));
        await KnowEachOtherAsync();
        var (month, minute) = (Accounts.Month(Tenant, 100), Accounts.Window(Tenant, 1000, TimeSpan.FromMinutes(1), Measure.Requests));
        await SpendAsync(one, 30);
        await Eventually.TrueAsync(async () => (await other.Engine.ReadAsync(month)).Spent == 30);
        Assert.Null(await other.Engine.ReserveAsync(Accounts.Of(minute, 500)));
        await _redis.KillAsync();
        await Eventually.TrueAsync(() => !one.Link.IsUp && !other.Link.IsUp);
        var held = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
            await _nodes[i % 2].Engine.ReserveAsync(Accounts.Of((month, 1), (minute, 1))) is null ? 1 : 0)));

        // Of the 70 that were left.
        Assert.Equal(70, held.Sum());
        var refusal = await one.Engine.ReserveAsync(Accounts.Of(month, 71));
        Assert.False(refusal!.Never);
        Assert.False(refusal.Unavailable);

        // Of the 499 that were left this node has a half, and has used 35 of it.
        Assert.Equal((499 / 2) - 35, await RoomAsync(other, minute));

        async Task SpendAsync(RedisNode node, long amount)
        {
            var mine = Accounts.Of((month, amount), (minute, 1));
            Assert.Null(await node.Engine.ReserveAsync(mine));
            node.Engine.Settle(mine, amount, 1);
            await node.SettledAsync();
        }

        static async Task<int> RoomAsync(RedisNode node, Account account)
        {
            var room = 0;
            while (await node.Engine.ReserveAsync(Accounts.Of(account, 1)) is null)
            {
                room++;
            }

            return room;
        }
    }

    [Fact]
    public async Task A_tenant_that_wants_it_so_is_refused_or_let_through()
    {
        _configuration = new OneTenant(DegradedRule.Refuse);
        var strict = await StartAsync(Patient);
        var strictMonth = Accounts.Month(Tenant, 100);
        _configuration = new OneTenant(DegradedRule.Allow);
        var lenient = await StartAsync(Patient);
        var month = Accounts.Month(Tenant, 100);
        Assert.Null(await lenient.Engine.ReserveAsync(Accounts.Of(month, 0)));
        await _redis.KillAsync();
        await Eventually.TrueAsync(() => !strict.Link.IsUp && !lenient.Link.IsUp);
        Assert.True((await strict.Engine.ReserveAsync(Accounts.Of(strictMonth, 1)))!.Unavailable);
        var mine = Accounts.Of(month, 250);
        Assert.Null(await lenient.Engine.ReserveAsync(mine));
        Assert.Equal(250, mine.Lines[0].Used);
        Assert.True(mine.Lines[0].Reset > TimeSpan.Zero);
        lenient.Engine.Settle(mine, 240);
        await _redis.RestartAsync();
        await BackAsync();
        await Eventually.TrueAsync(() => lenient.Backlog.IsEmpty);
        Assert.Equal(240, (await lenient.Engine.ReadAsync(month)).Spent);
    }

    [Fact]
    public async Task A_node_starts_without_Redis_and_finds_it_later()
    {
        await _redis.KillAsync();
        var node = await StartAsync(Patient);
        node.Ledger.Tokens = 90;
        var month = Accounts.Month(Tenant, 100);
        Assert.NotNull(await node.Engine.ReserveAsync(Accounts.Of(month, 11)));
        Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(month, 10)));
        var day = Accounts.Window(Tenant, 100, TimeSpan.FromDays(1));
        Assert.NotNull(await node.Engine.ReserveAsync(Accounts.Of(day, 11)));
        Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(day, 10)));
        await _redis.RestartAsync();
        await BackAsync();
        await Eventually.TrueAsync(async () =>
        {
            var after = Accounts.Of(month, 0);
            Assert.Null(await node.Engine.ReserveAsync(after));
            return !after.IsDegraded;
        });
    }

    [Fact]
    public async Task What_Redis_forgets_the_ledger_knows_and_what_is_under_way_is_held_again()
    {
        var (one, other) = (await StartAsync(Patient), await StartAsync(Patient));
        var (month, slots) = (Accounts.Month(Tenant, 100), Accounts.Slots(Tenant, 10));
        var done = Accounts.Of((month, 30), (slots, 1));
        await one.Engine.ReserveAsync(done);
        one.Engine.Settle(done, 30, 0);
        await one.SettledAsync();
        var open = Accounts.Of((month, 20), (slots, 1));
        await other.Engine.ReserveAsync(open);
        await FlushAllAsync();

        // The ledger has a part of it; the node has seen the rest.
        one.Ledger.Tokens = 25;
        other.Ledger.Tokens = 25;
        Assert.Null(await one.Engine.ReserveAsync(Accounts.Of((month, 1), (slots, 1))));
        await Eventually.TrueAsync(async () => await one.Engine.ReadAsync(month) == new AccountFigures(30, 21, IsDegraded: false));
        Assert.Equal(2, (await one.Engine.ReadAsync(slots)).Held);
        other.Engine.Settle(open, 20, 0);
        await other.SettledAsync();
        Assert.Equal(new AccountFigures(50, 1, IsDegraded: false), await one.Engine.ReadAsync(month));
    }

    [Fact]
    public async Task Neither_Redis_nor_the_ledger_is_no_reason_to_let_all_through()
    {
        var node = await StartAsync(Patient);
        node.Ledger.Fails = true;
        var month = Accounts.Month(Tenant, 100);
        var mine = Accounts.Of(month, 100);
        Assert.Null(await node.Engine.ReserveAsync(mine));
        Assert.True(mine.IsDegraded);
        Assert.NotNull(await node.Engine.ReserveAsync(Accounts.Of(month, 1)));
    }

    [Fact]
    public async Task A_crowd_is_no_outage()
    {
        const int Crowd = 10_000;
        var (month, minute) = (Accounts.Month(Tenant, 10 * Crowd), Accounts.Window(Tenant, 10 * Crowd, TimeSpan.FromMinutes(10), Measure.Requests));

        // The clock of a node goes on with every request that is answered, and only then: however long this machine stands still, Redis is never
        // silent, while the last of the crowd waits five times as long as one may be.
        var options = new LimitOptions
        {
            RedisTimeout = TimeSpan.FromMilliseconds(500),
            BusyTimeout = TimeSpan.FromSeconds(60),
            BackgroundTimeout = RedisNode.Patient.BackgroundTimeout,
        };
        var each = 5 * options.RedisTimeout / (Crowd / 2);
        FakeTimeProvider[] clocks = [new(TimeProvider.System.GetUtcNow()), new(TimeProvider.System.GetUtcNow())];
        await StartAsync(options, clocks[0]);
        await StartAsync(options, clocks[1]);
        var held = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => Task.Run(async () =>
        {
            var mine = Accounts.Of((month, 1), (minute, 1));
            Assert.Null(await _nodes[i % 2].Engine.ReserveAsync(mine));
            _nodes[i % 2].Engine.Settle(mine, 1, 1);
            clocks[i % 2].Advance(each);
            return mine;
        })));

        Assert.DoesNotContain(held, mine => mine.IsDegraded);
        await BackAsync();
        Assert.Equal(Crowd, (await QuietAsync(month)).Spent);
        Assert.Equal(Crowd, (await QuietAsync(minute)).Spent);
    }

    private async Task<RedisNode> StartAsync(LimitOptions? options = null, TimeProvider? time = null)
    {
        var node = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, options ?? Options, time);
        _nodes.Add(node);
        return node;
    }

    private Task KnowEachOtherAsync() => Eventually.TrueAsync(() => _nodes.All(node => node.Share.Nodes == _nodes.Count));

    private Task BreakAsync(bool hangs)
    {
        if (hangs)
        {
            _redis.Pause();
            return Task.CompletedTask;
        }

        return _redis.KillAsync();
    }

    private Task MendAsync(bool hangs)
    {
        if (hangs)
        {
            _redis.Resume();
            return Task.CompletedTask;
        }

        return _redis.RestartAsync();
    }

    private Task BackAsync() => Eventually.TrueAsync(() => _nodes.All(node => node.Link.IsUp && node.Share.Current is null));

    /// <summary>What is there when all that was under way has been taken.</summary>
    private async Task<AccountFigures> QuietAsync(Account account, long? held = null)
    {
        foreach (var node in _nodes)
        {
            await node.SettledAsync();
        }

        if (held is { } expected)
        {
            await Eventually.TrueAsync(async () => (await _nodes[0].Engine.ReadAsync(account)).Held == expected);
        }

        return await _nodes[0].Engine.ReadAsync(account);
    }

    private async Task FlushAllAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{_redis.ConnectionString},allowAdmin=true");
        await connection.GetServer(_redis.ConnectionString).FlushAllDatabasesAsync();
    }
}

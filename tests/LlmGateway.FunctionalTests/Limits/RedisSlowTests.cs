using System.Diagnostics;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;
using LlmGateway.Limits.Redis;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Redis, or the ledger, answers slowly.</summary>
[Collection(Heavy.Name)]
public sealed class RedisSlowTests : IAsyncLifetime
{
    private readonly OneTenant _configuration = new();
    private RedisServer _redis = null!;

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public Task DisposeAsync()
    {
        _redis.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Nobody_waits_for_a_ledger_again_that_has_just_not_answered()
    {
        var options = new LimitOptions
        {
            RedisTimeout = RedisNode.Patient.RedisTimeout,
            BusyTimeout = RedisNode.Patient.BusyTimeout,
            BackgroundTimeout = RedisNode.Patient.BackgroundTimeout,
            HistoryTimeout = TimeSpan.FromMilliseconds(300),
        };
        await using var node = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, options);
        node.Ledger.Hangs = true;
        for (var i = 0; i < 10; i++)
        {
            var mine = Accounts.Of(Accounts.Month(_configuration.Name, 100, $"month-{i}"), 1);
            Assert.Null(await node.Engine.ReserveAsync(mine));
            Assert.True(mine.IsDegraded);
        }

        // And once to compare it with Redis.
        Assert.InRange(node.Ledger.Asked, 1, 2);
    }

    [Fact]
    public async Task Behind_slow_answers_a_request_waits_no_longer_than_for_two()
    {
        var options = new LimitOptions { RedisTimeout = TimeSpan.FromMilliseconds(600), Heartbeat = TimeSpan.FromHours(1) };
        using var slow = new SlowLine(_redis.ConnectionString);
        await using var node = await RedisNode.StartAsync(slow.Address, _configuration, options);
        var month = Accounts.Month(_configuration.Name, 100_000);
        Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(month, 1)));
        slow.Delay = TimeSpan.FromMilliseconds(400);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => Task.Run(async () => Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(month, 1))))));

        // Twenty calls one after the other would take eight seconds.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        slow.Delay = TimeSpan.Zero;
    }

    [Fact]
    public async Task As_long_as_Redis_answers_however_late_no_node_goes_by_anything_else()
    {
        var options = new LimitOptions { RedisTimeout = TimeSpan.FromMilliseconds(400), Heartbeat = TimeSpan.FromHours(1) };
        using var slow = new SlowLine(_redis.ConnectionString);
        await using var node = await RedisNode.StartAsync(slow.Address, _configuration, options);
        await using var other = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, RedisNode.Patient);
        var month = Accounts.Month(_configuration.Name, 100);
        Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(month, 10)));
        Assert.Null(await other.Engine.ReserveAsync(Accounts.Of(month, 80)));

        // Of what was left when it looked last, 90, its share is far more than it asks for.
        slow.Delay = TimeSpan.FromMilliseconds(700);
        var all = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(async () =>
        {
            var mine = Accounts.Of(month, 1);
            return (Mine: mine, Refusal: await node.Engine.ReserveAsync(mine));
        })));
        Assert.True(node.Link.IsUp);
        Assert.Equal(10, all.Count(static answer => answer.Refusal is null));
        Assert.All(all, static answer => Assert.False(answer.Mine.IsDegraded || answer.Refusal is { IsDegraded: true }));
        slow.Delay = TimeSpan.Zero;
        Assert.Equal(new AccountFigures(0, 100, IsDegraded: false), await other.Engine.ReadAsync(month));
    }

    [Fact]
    public async Task A_Redis_whose_answers_come_later_and_later_is_away_though_it_never_falls_silent()
    {
        var options = new LimitOptions { RedisTimeout = TimeSpan.FromMilliseconds(300) };
        using var slow = new SlowLine(_redis.ConnectionString);
        await using var node = await RedisNode.StartAsync(slow.Address, _configuration, options);
        slow.Delay = options.RedisTimeout;

        // Each tenant has a call under way, and the next when that was answered, not all at once: there is always an answer that comes.
        var watch = Stopwatch.StartNew();
        var tenants = new List<Task>();
        using (var turn = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            while (tenants.Count < 30 && await turn.WaitForNextTickAsync())
            {
                tenants.Add(AskAsync(Accounts.Slots($"tenant-{tenants.Count}", 100_000)));
            }
        }

        slow.Grow(1.5 * options.BusyTimeout);
        await Task.WhenAll(tenants);
        Assert.False(node.States.IsUp("redis"));

        async Task AskAsync(Account account)
        {
            while (node.Link.IsUp)
            {
                Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
                Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(account, 1)));
            }
        }
    }

    [Fact]
    public async Task Redis_is_back_when_a_request_could_wait_for_it()
    {
        var options = new LimitOptions { RedisTimeout = TimeSpan.FromMilliseconds(100), BackgroundTimeout = TimeSpan.FromSeconds(30) };
        using var slow = new SlowLine(_redis.ConnectionString);
        await using var node = await RedisNode.StartAsync(slow.Address, _configuration, options);
        var returned = 0;
        node.Link.Changed += state => returned += state is LinkState.Returning ? 1 : 0;
        slow.Delay = TimeSpan.FromMilliseconds(700);
        var month = Accounts.Month(_configuration.Name, 100);
        await Eventually.TrueAsync(async () => await node.Engine.ReserveAsync(Accounts.Of(month, 0)) is null && !node.Link.IsUp);
        var answers = slow.Answers;
        await Eventually.TrueAsync(() => slow.Answers > answers + 4);
        Assert.Equal(0, returned);
        slow.Delay = TimeSpan.Zero;
        await Eventually.TrueAsync(() => node.Link.IsUp);
        Assert.Equal(1, returned);
    }

    [Fact]
    public async Task A_request_that_meets_several_new_accounts_waits_for_a_slow_ledger_once()
    {
        await using var node = await RedisNode.StartAsync(_redis.ConnectionString, _configuration);
        node.Ledger.Hangs = true;

        // All are asked for while none is answered.
        var mine = Accounts.Of([.. Enumerable.Range(0, 5).Select(i => (Accounts.Month(_configuration.Name, 100, $"month-{i}"), 1L))]);
        var reserving = node.Engine.ReserveAsync(mine).AsTask();
        await Eventually.TrueAsync(() => node.Ledger.Asked >= mine.Lines.Length || reserving.IsCompleted);
        Assert.False(reserving.IsCompleted);
        Assert.Null(await reserving);
        Assert.True(mine.IsDegraded);
    }
}

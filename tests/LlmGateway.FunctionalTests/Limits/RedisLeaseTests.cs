using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;
using StackExchange.Redis;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>What a node holds is held for as long as it lives.</summary>
public sealed class RedisLeaseTests : IAsyncLifetime
{
    private static readonly LimitOptions Options = new()
    {
        // A machine that stands still for as long prolongs none.
        Lease = TimeSpan.FromSeconds(4),
        Probe = TimeSpan.FromMilliseconds(50),
        RedisTimeout = RedisNode.Patient.RedisTimeout,
        BusyTimeout = RedisNode.Patient.BusyTimeout,
        BackgroundTimeout = RedisNode.Patient.BackgroundTimeout,
    };

    private readonly OneTenant _configuration = new();
    private RedisServer _redis = null!;
    private ConnectionMultiplexer _connection = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        _redis.Dispose();
    }

    [Fact]
    public async Task A_node_that_dies_gives_back_what_it_held_and_nothing_of_what_it_spent()
    {
        var month = Accounts.Month(_configuration.Name, 100);
        var minute = Accounts.Window(_configuration.Name, 100, TimeSpan.FromMinutes(1));

        // It looks for itself neither now and then nor on a timer: only a refusal makes it look.
        await using var heir = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, RedisNode.Patient);
        var dead = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, Options);
        var spent = Accounts.Of((month, 10), (minute, 10));
        await dead.Engine.ReserveAsync(spent);
        dead.Engine.Settle(spent, 10, 10);
        await dead.SettledAsync();
        Assert.Null(await dead.Engine.ReserveAsync(Accounts.Of((month, 90), (minute, 90))));
        await dead.DieAsync();
        Assert.NotNull(await heir.Engine.ReserveAsync(Accounts.Of((month, 90), (minute, 90))));
        await PassAsync(Options.Lease + TimeSpan.FromMilliseconds(50));
        Assert.Null(await heir.Engine.ReserveAsync(Accounts.Of((month, 90), (minute, 90))));
        Assert.Equal(new AccountFigures(10, 90, IsDegraded: false), await heir.Engine.ReadAsync(month));
    }

    [Fact]
    public async Task What_is_under_way_for_longer_than_a_lease_stays_held()
    {
        var month = Accounts.Month(_configuration.Name, 100);
        await using var node = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, Options);
        var stream = Accounts.Of(month, 60);
        await node.Engine.ReserveAsync(stream);
        await PassAsync(3 * Options.Lease);
        Assert.NotNull(await node.Engine.ReserveAsync(Accounts.Of(month, 41)));
        node.Engine.Settle(stream, 50);
        await node.SettledAsync();
        Assert.Equal(new AccountFigures(50, 0, IsDegraded: false), await node.Engine.ReadAsync(month));
    }

    [Fact]
    public async Task What_is_settled_after_its_lease_has_ended_is_booked_once()
    {
        var month = Accounts.Month(_configuration.Name, 100);
        var node = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, Options);
        await using var other = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, RedisNode.Patient);
        var mine = Accounts.Of(month, 60);
        await other.Engine.ReserveAsync(mine);

        // As if the node that holds it had not been heard of.
        await _connection.GetDatabase().SortedSetAddAsync($"llmg:2:{{{_configuration.Name}}}:leases", mine.Id.ToString("N"), 1);
        Assert.Equal(0, (await node.Engine.ReadAsync(month)).Held);
        Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(month, 30)));
        other.Engine.Settle(mine, 55);
        await other.SettledAsync();
        Assert.Equal(new AccountFigures(55, 30, IsDegraded: false), await node.Engine.ReadAsync(month));
        await node.DisposeAsync();
    }

    private async Task PassAsync(TimeSpan time)
    {
        var server = _connection.GetServer(_redis.ConnectionString);
        var end = await server.TimeAsync() + time;
        await Eventually.TrueAsync(async () => await server.TimeAsync() >= end);
    }
}

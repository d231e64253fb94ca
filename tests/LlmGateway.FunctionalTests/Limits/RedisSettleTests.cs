using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;
using StackExchange.Redis;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>What an exchange came to reaches Redis, whatever Redis was like when it ended.</summary>
[Collection(Heavy.Name)]
public sealed class RedisSettleTests : IAsyncLifetime
{
    /// <summary>So long that what hangs is not what is tested.</summary>
    private static readonly LimitOptions Patient = new()
    {
        RedisTimeout = RedisNode.Patient.RedisTimeout,
        BusyTimeout = RedisNode.Patient.BusyTimeout,
        BackgroundTimeout = RedisNode.Patient.BackgroundTimeout,
        Lease = TimeSpan.FromSeconds(3),
        Heartbeat = TimeSpan.FromMilliseconds(100),
    };

    private readonly List<RedisNode> _nodes = [];
    private readonly OneTenant _configuration = new();
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

    [Fact]
    public async Task What_was_added_without_Redis_is_not_given_back_to_it()
    {
        var node = await StartAsync(Patient);
        var (month, day) = (Accounts.Month(Tenant, 1000), Accounts.Window(Tenant, 1000, TimeSpan.FromDays(1)));
        var mine = Accounts.Of((month, 10), (day, 10));
        Assert.Null(await node.Engine.ReserveAsync(mine));
        Assert.False(mine.IsDegraded);

        await _redis.KillAsync();
        await Eventually.TrueAsync(() => !node.Link.IsUp);
        Assert.Null(await node.Engine.ExtendAsync(mine, 25, 25));
        Assert.Equal(35, mine.Lines[0].Held);
        await _redis.RestartAsync();
        await Eventually.TrueAsync(() => node.Link.IsUp && node.Share.Current is null);
        node.Engine.Settle(mine, 30, 30);
        await node.SettledAsync();
        Assert.Equal(new AccountFigures(30, 0, IsDegraded: false), await node.Engine.ReadAsync(month));
        Assert.Equal(new AccountFigures(30, 0, IsDegraded: false), await node.Engine.ReadAsync(day));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var keys = connection.GetServer(_redis.ConnectionString).Keys(pattern: $"llmg:2:{{{Tenant}}}:[wp]:*").ToArray();
        Assert.Equal(2, keys.Length);
        foreach (var key in keys)
        {
            Assert.Equal(0, (long)await connection.GetDatabase().HashGetAsync(key, "h"));
        }
    }

    [Fact]
    public async Task What_was_added_to_a_share_counts_once_there_too()
    {
        var node = await StartAsync(Patient);
        await _redis.KillAsync();
        await Eventually.TrueAsync(() => !node.Link.IsUp);
        var month = Accounts.Month(Tenant, 1000);
        var mine = Accounts.Of(month, 10);
        Assert.Null(await node.Engine.ReserveAsync(mine));
        Assert.Null(await node.Engine.ExtendAsync(mine, 10));
        node.Engine.Settle(mine, 15);
        Assert.Equal(new AccountFigures(15, 0, IsDegraded: true), await node.Engine.ReadAsync(month));
    }

    [Fact]
    public async Task What_a_Redis_that_may_not_write_refuses_is_settled_later()
    {
        var node = await StartAsync(Patient);
        var month = Accounts.Month(Tenant, 1000);
        var all = new List<Reservation>();
        for (var i = 0; i < 5; i++)
        {
            all.Add(Accounts.Of(month, 10));
            Assert.Null(await node.Engine.ReserveAsync(all[i]));
        }

        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{_redis.ConnectionString},allowAdmin=true");
        var server = connection.GetServer(_redis.ConnectionString);
        await server.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        all.ForEach(mine => node.Engine.Settle(mine, 7));

        // It has been refused more often than anybody tries who does not wait.
        await Eventually.TrueAsync(async () => Refusals((string?)await server.ExecuteAsync("INFO", "errorstats")) > 10);
        await server.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await node.SettledAsync();
        await Eventually.TrueAsync(async () => await node.Engine.ReadAsync(month) == new AccountFigures(35, 0, IsDegraded: false));
    }

    private static int Refusals(string? stats) =>
        System.Text.RegularExpressions.Regex.Match(stats ?? "", @"errorstat_READONLY:count=(\d+)") is { Success: true } found
            ? int.Parse(found.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : 0;

    [Fact]
    public async Task A_settlement_that_Redis_never_takes_is_booked_and_keeps_no_other_from_being_taken()
    {
        var node = await StartAsync(Patient);
        var month = Accounts.Month(Tenant, 1000);
        var (mine, other) = (Accounts.Of(month, 10), Accounts.Of(month, 20));
        Assert.Null(await node.Engine.ReserveAsync(mine));
        Assert.Null(await node.Engine.ReserveAsync(other));

        // Its place holds something else, which no script can read.
        await using var connection = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var key = $"llmg:2:{{{Tenant}}}:r:{mine.Id:N}";
        await connection.GetDatabase().KeyDeleteAsync(key);
        await connection.GetDatabase().ListLeftPushAsync(key, "something");
        node.Engine.Settle(mine, 7);
        node.Engine.Settle(other, 15);
        await node.SettledAsync();
        await Eventually.TrueAsync(async () => node.Backlog.IsEmpty && (await node.Engine.ReadAsync(month)).Spent == 22);
    }

    [Fact]
    public async Task A_budget_that_has_less_than_the_ledger_is_raised_and_what_comes_late_counts_once()
    {
        var node = await StartAsync(new LimitOptions
        {
            RedisTimeout = RedisNode.Patient.RedisTimeout,
            BusyTimeout = RedisNode.Patient.BusyTimeout,
            BackgroundTimeout = RedisNode.Patient.BackgroundTimeout,
            LedgerLook = TimeSpan.FromMilliseconds(50),
            LedgerLag = TimeSpan.FromMilliseconds(50),
        });
        var month = Accounts.Month(Tenant, 1000);
        var mine = Accounts.Of(month, 20);
        Assert.Null(await node.Engine.ReserveAsync(mine));
        node.Engine.Settle(mine, 10);
        await node.SettledAsync();

        // A node has died that had spent 40.
        node.Ledger.Tokens = 50;
        await Eventually.TrueAsync(async () => (await node.Engine.ReadAsync(month)).Spent == 50);

        // It had not: it was only cut off, and books it now.
        node.Backlog.Add(Spent(month, 40), TimeSpan.Zero);
        await Eventually.TrueAsync(() => node.Backlog.IsEmpty);
        Assert.Equal(50, (await node.Engine.ReadAsync(month)).Spent);

        // The ledger is behind: nothing is taken back.
        node.Ledger.Tokens = 5;
        node.Backlog.Add(Spent(month, 3), TimeSpan.Zero);
        await Eventually.TrueAsync(async () => (await node.Engine.ReadAsync(month)).Spent == 53);

        static Reservation Spent(Account account, long amount)
        {
            var reservation = Accounts.Of(account, 0);
            reservation.Lines[0].Actual = amount;
            reservation.Lines[0].Place = account.Calendar!.At(TimeProvider.System.GetUtcNow()).Start.ToUnixTimeMilliseconds();
            return reservation;
        }
    }

    [Fact]
    public async Task A_node_that_starts_without_Redis_takes_the_share_of_one_among_as_many_as_there_were()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var kept = new OneTenant(folder: folder);
            await StartAsync(Patient);
            await using (var before = await RedisNode.StartAsync(_redis.ConnectionString, kept, Patient))
            {
                await Eventually.TrueAsync(() => before.Share.Nodes == 2);
            }

            await _redis.KillAsync();
            await using var node = await RedisNode.StartAsync(_redis.ConnectionString, kept, Patient);
            var month = Accounts.Month(kept.Name, 100);
            Assert.NotNull(await node.Engine.ReserveAsync(Accounts.Of(month, 51)));
            Assert.Null(await node.Engine.ReserveAsync(Accounts.Of(month, 50)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<RedisNode> StartAsync(LimitOptions options)
    {
        var node = await RedisNode.StartAsync(_redis.ConnectionString, _configuration, options);
        _nodes.Add(node);
        return node;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;

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

    /// <summary>Between a node and Redis: each answer takes a while longer.</summary>
    private sealed class SlowLine : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly IPEndPoint _target;

        public SlowLine(string target)
        {
            _target = IPEndPoint.Parse(target);
            _listener.Start();
            _ = AcceptAsync();
        }

        public string Address => _listener.LocalEndpoint.ToString()!;

        public TimeSpan Delay { get; set; }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync();
                var far = new TcpClient();
                await far.ConnectAsync(_target);
                _ = PumpAsync(near.GetStream(), far.GetStream(), delayed: false);
                _ = PumpAsync(far.GetStream(), near.GetStream(), delayed: true);
            }
        }

        private async Task PumpAsync(NetworkStream from, NetworkStream into, bool delayed)
        {
            var buffer = new byte[1 << 16];
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                await Task.Delay(delayed ? Delay : TimeSpan.Zero);
                await into.WriteAsync(buffer.AsMemory(0, read));
            }

            into.Close();
        }
    }
}

using CsCheck;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits;
using StackExchange.Redis;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>
/// Redis loses its memory while nodes are cut off from it, one or all, and spend by themselves; they come back in any order, and the ledger that
/// fills the budget again has of each node's rows what was sent by then. What is spent in the end is what was spent: nothing twice, and nothing lost.
/// </summary>
[Collection(Heavy.Name)]
public sealed class RedisMemoryTests : IAsyncLifetime
{
    private static readonly string[] Names = ["one", "other"];

    private static readonly LimitOptions Options = new()
    {
        // A machine that tests share is late now and then; what is cut fails at once.
        RedisTimeout = TimeSpan.FromSeconds(2),
        BackgroundTimeout = TimeSpan.FromSeconds(2),
        Probe = TimeSpan.FromMilliseconds(25),
        Heartbeat = TimeSpan.FromMilliseconds(50),
        LedgerLook = TimeSpan.FromMilliseconds(50),
        LedgerLag = TimeSpan.FromMilliseconds(25),
        SeenFor = TimeSpan.FromSeconds(3),
    };

    private RedisServer _redis = null!;
    private ConnectionMultiplexer _connection = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync($"{_redis.ConnectionString},allowAdmin=true");
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        _redis.Dispose();
    }

    /// <summary>Both spend without Redis, which comes back empty.</summary>
    public static TheoryData<int, int, int, bool> Returns()
    {
        var all = new TheoryData<int, int, int, bool>();
        foreach (var first in (int[])[0, 1])
        {
            foreach (var (shipped, otherShipped) in ((int, int)[])[(0, 0), (0, 9), (9, 0), (9, 9), (2, 4), (4, 3)])
            {
                all.Add(first, shipped, otherShipped, true);
                all.Add(first, shipped, otherShipped, false);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Returns))]
    public async Task What_two_nodes_spent_alone_counts_once_in_whichever_order_they_return(int first, int shipped, int otherShipped, bool together)
    {
        await using var cluster = await StartAsync();
        int[] spending = [0, 1, 0, 1];
        await cluster.SpendAsync(spending, 10);
        cluster.Cut(0);
        cluster.Cut(1);
        await cluster.AwayAsync();
        await cluster.SpendAsync(spending, 100);
        var open = await cluster.HoldAsync(first, 1000);
        cluster.Ship(0, shipped);
        cluster.Ship(1, otherShipped);
        await FlushAsync();
        cluster.Mend(first);
        if (!together)
        {
            await cluster.BackAsync(first);
            await cluster.SpendAsync([first], 3);
        }

        cluster.Mend(1 - first);
        cluster.Settle(first, open);
        await cluster.ExactAsync();
        await cluster.SpendAsync(spending, 7);
        await cluster.ExactAsync();
    }

    [Fact]
    public Task Nothing_is_lost_or_doubled_however_cuts_losses_and_shipping_follow_one_another() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1], Gen.Int[1, 500]).Array[4, 14].SampleAsync(async steps =>
        {
            await using var cluster = await StartAsync();
            var open = new Queue<(int Node, Reservation Held)>();
            foreach (var (act, node, amount) in steps)
            {
                switch (act)
                {
                    case 0:
                        await cluster.SpendAsync([node, node], amount);
                        break;
                    case 1:
                        open.Enqueue((node, await cluster.HoldAsync(node, amount)));
                        break;
                    case 2:
                        cluster.Turn(node);
                        break;
                    case 3:
                        cluster.Ship(node, amount % 4);
                        break;
                    default:
                        await FlushAsync();
                        break;
                }

                if (amount % 3 == 0 && open.TryDequeue(out var ended))
                {
                    cluster.Settle(ended.Node, ended.Held);
                }
            }

            cluster.Mend(0);
            cluster.Mend(1);
            while (open.TryDequeue(out var ended))
            {
                cluster.Settle(ended.Node, ended.Held);
            }

            await cluster.ExactAsync();
        }, iter: 25, threads: 1);

    [Fact]
    public async Task What_was_seen_before_and_nobody_brings_is_given_back_after_a_while()
    {
        await using var cluster = await StartAsync();
        await cluster.SpendAsync([0, 1], 10);
        cluster.Ship(0, 9);
        cluster.Ship(1, 9);
        await cluster.ExactAsync();

        // As where a node saw the double of what was spent, and filled an empty Redis with it.
        var database = _connection.GetDatabase();
        var month = _connection.GetServer(_redis.ConnectionString).Keys().Single(key =>
            database.KeyType(key) is RedisType.Hash && (long?)database.HashGet(key, "s") > 0);
        await database.HashIncrementAsync(month, "s", 100);
        await database.HashIncrementAsync(month, "e", 100);

        await cluster.SpendAsync([0], 1);
        await cluster.ExactAsync();
        Assert.False(await database.HashExistsAsync(month, "e"));
    }

    private async Task FlushAsync() => await _connection.GetServer(_redis.ConnectionString).FlushAllDatabasesAsync();

    private async Task<Cluster> StartAsync()
    {
        var cluster = new Cluster(_redis.ConnectionString);
        await cluster.StartAsync();
        return cluster;
    }

    private sealed class Cluster(string redis) : IAsyncDisposable
    {
        private readonly OneTenant _configuration = new();
        private readonly NodesLedger _ledger = new();
        private readonly List<CutLine> _lines = [];
        private readonly List<RedisNode> _nodes = [];
        private readonly List<NodesLedger.View> _views = [];
        private readonly bool[] _isCut = new bool[2];

        private Account Month => Accounts.Month(_configuration.Name, 1_000_000_000);

        public async Task StartAsync()
        {
            foreach (var name in Names)
            {
                _lines.Add(new CutLine(redis));
                _views.Add(_ledger.Of(name));
                _nodes.Add(await RedisNode.StartAsync(_lines[^1].Address, _configuration, Options, history: _views[^1]));
            }
        }

        public void Cut(int node)
        {
            _isCut[node] = true;
            _lines[node].Cut();
        }

        public void Mend(int node)
        {
            _isCut[node] = false;
            _lines[node].Mend();
        }

        public void Turn(int node)
        {
            if (_isCut[node])
            {
                Mend(node);
            }
            else
            {
                Cut(node);
            }
        }

        public void Ship(int node, int rows) => _ledger.Ship(Names[node], rows);

        public async Task<Reservation> HoldAsync(int node, long amount)
        {
            var mine = Accounts.Of(Month, amount);
            Assert.Null(await _nodes[node].Engine.ReserveAsync(mine));
            return mine;
        }

        /// <summary>The row first, as in a gateway.</summary>
        public void Settle(int node, Reservation held)
        {
            var amount = Math.Max(1, held.Lines[0].Held / 2);
            _ledger.Add(Names[node], amount);
            _nodes[node].Engine.Settle(held, amount);
        }

        public async Task SpendAsync(int[] nodes, long amount)
        {
            foreach (var node in nodes)
            {
                Settle(node, await HoldAsync(node, amount));
            }
        }

        public Task AwayAsync() => Eventually.TrueAsync(() => _nodes.All(static node => !node.Link.IsUp));

        public Task BackAsync(int node) => Eventually.TrueAsync(() => _nodes[node].Link.IsUp && _nodes[node].Share.Current is null);

        /// <summary>All is back, spent is what the rows come to, and stays so however often it is compared.</summary>
        public async Task ExactAsync()
        {
            await BackAsync(0);
            await BackAsync(1);

            // Only what is in use is compared.
            _nodes[0].Engine.Settle(await HoldAsync(0, 0), 0);
            _nodes[1].Engine.Settle(await HoldAsync(1, 0), 0);
            var truth = new AccountFigures(_ledger.Total, 0, IsDegraded: false);
            var figures = default(AccountFigures);
            try
            {
                await Eventually.TrueAsync(async () => (figures = await _nodes[0].Engine.ReadAsync(Month)) == truth);
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(truth, figures);
            }

            // Twice round: what was read before is compared by then.
            var asked = _views.ConvertAll(static view => view.Asked);
            await Eventually.TrueAsync(() => _views.Zip(asked).All(static pair => pair.First.Asked > pair.Second + 3));
            Assert.Equal(truth, await _nodes[1].Engine.ReadAsync(Month));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in _nodes)
            {
                await node.DisposeAsync();
            }

            _lines.ForEach(static line => line.Dispose());
        }
    }
}

using LlmGateway.Gateway;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>The ledger of several nodes, as PostgreSQL with its outboxes is one: a node has all of its own rows, and of others those that they have sent.</summary>
internal sealed class NodesLedger
{
    private readonly Lock _gate = new();
    private readonly List<Row> _rows = [];

    public long Total
    {
        get
        {
            lock (_gate)
            {
                return _rows.Sum(static row => row.Tokens);
            }
        }
    }

    public void Add(string node, long tokens)
    {
        lock (_gate)
        {
            _rows.Add(new Row(node, tokens));
        }
    }

    /// <summary>Sends the oldest rows of a node.</summary>
    public void Ship(string node, int most)
    {
        lock (_gate)
        {
            foreach (var row in _rows.Where(row => row.Node == node && !row.IsShipped).Take(most).ToList())
            {
                row.IsShipped = true;
            }
        }
    }

    public View Of(string node) => new(this, node);

    private sealed record Row(string Node, long Tokens)
    {
        public bool IsShipped { get; set; }
    }

    /// <summary>What one node reads.</summary>
    public sealed class View(NodesLedger ledger, string node) : ISpendHistory
    {
        private int _asked;

        public string? Node => node;

        public int Asked => Volatile.Read(ref _asked);

        public ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _asked);
            lock (ledger._gate)
            {
                return ValueTask.FromResult<IReadOnlyList<SpendEntry>>(
                [
                    .. ledger._rows.Where(row => row.Node == node || row.IsShipped).GroupBy(static row => row.Node)
                        .Select(rows => new SpendEntry(query.From, null, 0, 1, rows.Sum(static row => row.Tokens), 0, query.ByNode ? rows.Key : null)),
                ]);
            }
        }
    }
}

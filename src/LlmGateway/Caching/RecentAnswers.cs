using LlmGateway.Caching.Entries;

namespace LlmGateway.Caching;

/// <summary>Under which key the answers of late are kept, by the ids that their clients know them by. The oldest is forgotten first.</summary>
internal sealed class RecentAnswers
{
    private const int Most = 16_384;

    private readonly Lock _gate = new();
    private readonly Queue<(string Tenant, string Id)> _order = new();
    private readonly Dictionary<(string Tenant, string Id), CacheKey> _keys = [];

    public void Add(Gateway.Exchange exchange, CacheKey key)
    {
        lock (_gate)
        {
            Add((exchange.Key!.Tenant, exchange.RequestId), key);
        }
    }

    public bool TryFind(string tenant, string id, out CacheKey key)
    {
        lock (_gate)
        {
            return _keys.TryGetValue((tenant, id), out key);
        }
    }

    private void Add((string Tenant, string Id) id, CacheKey key)
    {
        if (!_keys.TryAdd(id, key))
        {
            // A client that uses an id again means its latest answer by it.
            _keys[id] = key;
            return;
        }

        _order.Enqueue(id);
        if (_order.Count > Most)
        {
            _keys.Remove(_order.Dequeue());
        }
    }
}

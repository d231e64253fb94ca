namespace LlmGateway.Caching;

/// <summary>What clients were answered with of late, by the ids that they know their answers by. The oldest is forgotten first.</summary>
/// <param name="most">How many ids are remembered.</param>
internal class RecentIds<T>(int most)
    where T : struct
{
    private readonly Lock _gate = new();
    private readonly Queue<(string Tenant, string Id)> _order = new();
    private readonly Dictionary<(string Tenant, string Id), T> _found = [];

    /// <param name="requestId">As the client knows it.</param>
    /// <param name="operationId">As the gateway knows it, where that is another; else the same.</param>
    public void Add(string tenant, string requestId, string operationId, T value)
    {
        lock (_gate)
        {
            Add((tenant, requestId), value);
            if (operationId != requestId)
            {
                Add((tenant, operationId), value);
            }
        }
    }

    public bool TryFind(string tenant, string id, out T value)
    {
        lock (_gate)
        {
            return _found.TryGetValue((tenant, id), out value);
        }
    }

    private void Add((string Tenant, string Id) id, T value)
    {
        if (!_found.TryAdd(id, value))
        {
            // A client that uses an id again means its latest answer by it.
            _found[id] = value;
            return;
        }

        _order.Enqueue(id);
        if (_order.Count > most)
        {
            _found.Remove(_order.Dequeue());
        }
    }
}

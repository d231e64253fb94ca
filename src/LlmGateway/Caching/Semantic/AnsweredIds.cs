using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic;

/// <summary>Whom an entry has answered of late, by the ids that they know their answers by. The oldest is forgotten first.</summary>
internal sealed class AnsweredIds(int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<(string Tenant, string Id)> _order = new();
    private readonly Dictionary<(string Tenant, string Id), EntryId> _entries = [];

    public void Add(SemanticAsker asker, EntryId entry)
    {
        lock (_gate)
        {
            Add(asker.Tenant, asker.RequestId, entry);
            if (asker.OperationId != asker.RequestId)
            {
                Add(asker.Tenant, asker.OperationId, entry);
            }
        }
    }

    public bool TryFind(string tenant, string id, out EntryId entry)
    {
        lock (_gate)
        {
            return _entries.TryGetValue((tenant, id), out entry);
        }
    }

    private void Add(string tenant, string id, EntryId entry)
    {
        if (!_entries.TryAdd((tenant, id), entry))
        {
            // A client that uses an id again means its latest answer by it.
            _entries[(tenant, id)] = entry;
            return;
        }

        _order.Enqueue((tenant, id));
        if (_order.Count > most)
        {
            _entries.Remove(_order.Dequeue());
        }
    }
}

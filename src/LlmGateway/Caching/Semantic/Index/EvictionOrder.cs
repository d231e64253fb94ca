namespace LlmGateway.Caching.Semantic.Index;

/// <summary>Which entry is the least worth keeping: a heap that knows where each entry stands. Of equals the one that was touched longest ago.</summary>
internal sealed class EvictionOrder
{
    private Node[] _heap = new Node[16];
    private int[] _positions = new int[16];
    private int _count;
    private long _touches;

    /// <summary>Of an entry, in the heap; and where in the heap it stands.</summary>
    public const int BytesOfEntry = 24 + sizeof(int);

    public bool IsEmpty => _count == 0;

    public (int Handle, double Priority) Lowest => (_heap[0].Handle, _heap[0].Priority);

    public void Add(int handle, double priority)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * _count);
        }

        if (handle >= _positions.Length)
        {
            Array.Resize(ref _positions, Math.Max(handle + 1, 2 * _positions.Length));
        }

        Rise(_count++, new Node(priority, _touches++, handle));
    }

    public void Change(int handle, double priority) => Settle(_positions[handle], new Node(priority, _touches++, handle));

    public void Remove(int handle)
    {
        var at = _positions[handle];
        var last = _heap[--_count];
        if (at < _count)
        {
            Settle(at, last);
        }
    }

    private void Settle(int at, Node node)
    {
        if (at > 0 && node.IsBefore(_heap[(at - 1) / 2]))
        {
            Rise(at, node);
        }
        else
        {
            Sink(at, node);
        }
    }

    private void Rise(int at, Node node)
    {
        while (at > 0 && node.IsBefore(_heap[(at - 1) / 2]))
        {
            Put(at, _heap[(at - 1) / 2]);
            at = (at - 1) / 2;
        }

        Put(at, node);
    }

    private void Sink(int at, Node node)
    {
        while ((2 * at) + 1 < _count)
        {
            var child = (2 * at) + 1;
            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(node))
            {
                break;
            }

            Put(at, _heap[child]);
            at = child;
        }

        Put(at, node);
    }

    private void Put(int at, Node node)
    {
        _heap[at] = node;
        _positions[node.Handle] = at;
    }

    private readonly record struct Node(double Priority, long Touched, int Handle)
    {
        public bool IsBefore(in Node other) => Priority < other.Priority || (Priority == other.Priority && Touched < other.Touched);
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>
/// Vectors of texts that were asked for lately, bounded by bytes; what was not asked for longest goes first. By tenant, or it would tell one
/// by its speed what another has asked; and by a hash that nobody can make collide, since the wrong vector finds the wrong answer.
/// </summary>
internal sealed class VectorCache(long mostBytes)
{
    /// <summary>Of an entry beside its vector: the node, its place in the dictionary, and the header of the vector.</summary>
    public const int Overhead = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<TextKey, LinkedListNode<(TextKey Key, EmbeddingResult Result)>> _entries = [];
    private readonly LinkedList<(TextKey Key, EmbeddingResult Result)> _byUse = new();
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    public static TextKey KeyOf(string tenant, string text)
    {
        var chars = ArrayPool<char>.Shared.Rent(tenant.Length + text.Length + 1);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];

        // The length first, so that a tenant's name and a text do not run into each other.
        chars[0] = (char)tenant.Length;
        tenant.CopyTo(0, chars, 1, tenant.Length);
        text.CopyTo(0, chars, 1 + tenant.Length, text.Length);
        SHA256.HashData(MemoryMarshal.AsBytes(chars.AsSpan(0, 1 + tenant.Length + text.Length)), hash);
        ArrayPool<char>.Shared.Return(chars);
        return MemoryMarshal.Read<TextKey>(hash);
    }

    public bool TryGet(TextKey key, out EmbeddingResult result)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var node))
            {
                result = default;
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            result = node.Value.Result;
            return true;
        }
    }

    public void Set(TextKey key, EmbeddingResult result)
    {
        lock (_gate)
        {
            if (_entries.Remove(key, out var earlier))
            {
                Forget(earlier);
            }

            _entries[key] = _byUse.AddFirst((key, result));
            _bytes += SizeOf(result);
            while (_bytes > mostBytes && _byUse.Last is { } oldest)
            {
                _entries.Remove(oldest.Value.Key);
                Forget(oldest);
            }
        }
    }

    private static long SizeOf(EmbeddingResult result) => Overhead + ((long)result.Vector.Length * sizeof(float));

    private void Forget(LinkedListNode<(TextKey Key, EmbeddingResult Result)> node)
    {
        _byUse.Remove(node);
        _bytes -= SizeOf(node.Value.Result);
    }
}

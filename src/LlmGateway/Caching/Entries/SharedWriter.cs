using System.Collections.Concurrent;
using System.Threading.Channels;

namespace LlmGateway.Caching.Entries;

/// <summary>
/// Writes entries to Redis one after the other, aside from requests. What is too much for it is dropped and counted: an entry that is only in process is
/// asked for once more by another node.
/// </summary>
internal sealed class SharedWriter(SharedEntries shared, EntryStoreOptions options, CacheStoreMetrics metrics)
{
    private readonly Channel<(CacheKey Key, CacheEntry? Entry)> _queue =
        Channel.CreateBounded<(CacheKey, CacheEntry?)>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });

    private readonly ConcurrentDictionary<CacheKey, bool> _removals = new();
    private long _bytes;
    private long _done;

    /// <summary>How many were written, removed or given up.</summary>
    public long Done => Volatile.Read(ref _done);

    public void Keep(CacheKey key, CacheEntry entry)
    {
        if (Interlocked.Add(ref _bytes, entry.Size) > options.QueueBytes || !_queue.Writer.TryWrite((key, entry)))
        {
            Interlocked.Add(ref _bytes, -entry.Size);
            metrics.Dropped("full");
        }

        _removals.TryRemove(key, out _);
    }

    public void Remove(CacheKey key)
    {
        _removals[key] = true;
        if (!_queue.Writer.TryWrite((key, null)))
        {
            metrics.Dropped("full");
        }
    }

    /// <summary>Whether it was removed, and Redis may have it still.</summary>
    public bool IsRemoved(CacheKey key) => _removals.ContainsKey(key);

    /// <summary>Removes once more what Redis was not there for.</summary>
    public void Retry()
    {
        if (_queue.Reader.Count > 0)
        {
            return;
        }

        foreach (var (key, _) in _removals)
        {
            if (!_queue.Writer.TryWrite((key, null)))
            {
                return;
            }
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        await foreach (var (key, entry) in _queue.Reader.ReadAllAsync(stopping))
        {
            if (entry is not null)
            {
                Interlocked.Add(ref _bytes, -entry.Size);
                if (!await shared.WriteAsync(key, entry))
                {
                    metrics.Dropped("away");
                }
            }
            else if (_removals.ContainsKey(key) && await shared.RemoveAsync(key))
            {
                _removals.TryRemove(key, out _);
            }

            Interlocked.Increment(ref _done);
        }
    }
}

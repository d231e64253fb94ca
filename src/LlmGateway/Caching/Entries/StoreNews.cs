namespace LlmGateway.Caching.Entries;

/// <summary>Tells of answers that come and go by name, to who keeps more of them than the store. Handlers run on the request's path: they must be short.</summary>
internal sealed class StoreNews
{
    public event Action<CacheKey>? Kept;

    public event Action<CacheKey>? Removed;

    public void TellKept(CacheKey key) => Kept?.Invoke(key);

    public void TellRemoved(CacheKey key) => Removed?.Invoke(key);
}

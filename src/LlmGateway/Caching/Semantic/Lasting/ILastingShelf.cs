using LlmGateway.Caching.Entries;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Where entries are kept beyond the process.</summary>
internal interface ILastingShelf
{
    /// <summary>Reads and writes what there is to. What cannot be written waits; it throws nothing that is expected.</summary>
    /// <param name="spaces">The indexes in use.</param>
    Task TickAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, CancellationToken stopping);

    /// <summary>Writes what is left, once, in short.</summary>
    Task EndAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces);
}

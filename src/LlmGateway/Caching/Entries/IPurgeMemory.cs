namespace LlmGateway.Caching.Entries;

/// <summary>Keeps the purges of a node without Redis, where answers outlive its process: what was purged must not come back with them.</summary>
internal interface IPurgeMemory
{
    /// <summary>At the start, before there is any answer.</summary>
    PurgeList Load();

    /// <summary>When it returns, nothing that the purges have will be restored. It throws nothing.</summary>
    void Save(PurgeList purges);
}

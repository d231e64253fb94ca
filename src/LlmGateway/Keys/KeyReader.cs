using LlmGateway.Keys.Stores;

namespace LlmGateway.Keys;

/// <summary>Stored keys for those who look at them: of the store, or while that does not answer as they were read last.</summary>
internal sealed class KeyReader(KeyStore store, KeyDirectory directory)
{
    public KeyRecord? Find(string id)
    {
        try
        {
            return store.Find(id);
        }
        catch (StoreUnreachableException)
        {
            return directory.Stored.FirstOrDefault(record => record.Key.Id == id);
        }
    }

    /// <summary>In the order of their creation.</summary>
    public IReadOnlyList<KeyRecord> List(KeyQuery query)
    {
        try
        {
            return store.List(query);
        }
        catch (StoreUnreachableException)
        {
            return [.. directory.Stored.Where(record => record.Sequence > query.After && (query.IncludeRevoked || record.RevokedAt is null)
                && (query.Tenant ?? record.Key.Tenant) == record.Key.Tenant && (query.Project ?? record.Key.Project) == record.Key.Project).Take(query.Limit)];
        }
    }
}

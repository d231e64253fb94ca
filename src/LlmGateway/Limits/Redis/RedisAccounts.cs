using System.Collections.Concurrent;

namespace LlmGateway.Limits.Redis;

/// <summary>The accounts that this node has met. There are as many as the configuration has had.</summary>
internal sealed class RedisAccounts
{
    private readonly ConcurrentDictionary<(string Tenant, string Name, AccountKind Kind, TimeSpan Window), RedisAccount> _all = new();

    public IEnumerable<RedisAccount> All => _all.Values;

    public RedisAccount Of(Account account)
    {
        if (account.Cell is RedisAccount known)
        {
            return known;
        }

        var found = _all.GetOrAdd((account.Tenant, account.Name, account.Kind, account.Window), static (_, account) => new RedisAccount(account), account);
        account.Cell = found;
        return found;
    }
}

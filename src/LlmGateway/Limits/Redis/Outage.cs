using System.Collections.Concurrent;
using LlmGateway.Limits.InProcess;

namespace LlmGateway.Limits.Redis;

/// <summary>One time without Redis, and what this node has taken in it.</summary>
/// <param name="Since">When it began, since the start of the engine.</param>
/// <param name="Nodes">How many there were at the last contact.</param>
internal sealed record Outage(TimeSpan Since, int Nodes)
{
    private readonly ConcurrentDictionary<string, TenantAccounts> _tenants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<RedisAccount, Account> _shares = new();

    public TenantAccounts Of(string tenant) => _tenants.GetOrAdd(tenant, static _ => new TenantAccounts());

    /// <summary>The account with this node's share for a limit. It counts on in the same cell when the share changes.</summary>
    public Account Share(RedisAccount known, Account account, long limit)
    {
        if (_shares.TryGetValue(known, out var share) && share.Limit == limit && share.Stops == account.Stops && share.Calendar == account.Calendar)
        {
            return share;
        }

        share = new Account
        {
            Tenant = account.Tenant,
            Name = account.Name,
            Level = account.Level,
            Kind = account.Kind,
            Measure = account.Measure,
            Limit = limit,
            Stops = account.Stops,
            Window = account.Window,
            Calendar = account.Calendar,
        };
        _shares[known] = share;
        return share;
    }
}

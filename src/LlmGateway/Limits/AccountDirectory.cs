using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Keys;

namespace LlmGateway.Limits;

/// <summary>The accounts of keys and routes, made once a Snapshot.</summary>
internal sealed class AccountDirectory
{
    private readonly ConditionalWeakTable<Snapshot, Sets> _bySnapshot = [];
    private volatile Sets? _last;

    /// <param name="route">Name of the route; null while it is not known.</param>
    public AccountSet Of(Snapshot snapshot, VirtualKey key, string? route)
    {
        var sets = _last is { } last && ReferenceEquals(last.Snapshot, snapshot) ? last : Find(snapshot);
        return sets.Of(key, route);
    }

    private Sets Find(Snapshot snapshot)
    {
        var found = _bySnapshot.GetValue(snapshot, static snapshot => new Sets(snapshot));
        _last = found;
        return found;
    }

    private sealed class Sets(Snapshot snapshot)
    {
        private readonly ConcurrentDictionary<(string Key, string? Route), AccountSet> _sets = new();

        public Snapshot Snapshot { get; } = snapshot;

        // Most tenants have no limits at all, and then nothing is remembered of their keys either.
        public AccountSet Of(VirtualKey key, string? route)
        {
            if (!Snapshot.Tenants.TryGetValue(key.Tenant, out var tenant))
            {
                return AccountSet.Empty;
            }

            var project = tenant.Projects.TryGetValue(key.Project, out var found) ? found.Allowance : Allowance.Unlimited;
            var own = Snapshot.KeyAllowances.TryGetValue(key.Id, out var allowance) ? allowance : Allowance.Unlimited;
            if (tenant.Allowance.IsUnlimited && project.IsUnlimited && own.IsUnlimited)
            {
                return AccountSet.Empty;
            }

            return _sets.TryGetValue((key.Id, route), out var set) ? set : Add(key, route, tenant, project, own);
        }

        private AccountSet Add(VirtualKey key, string? route, Tenant tenant, Allowance project, Allowance own) => _sets.GetOrAdd((key.Id, route), _ => new AccountSet(
        [
            .. new AccountBuilder(tenant.Name, null, null).Build(tenant.Allowance, route),
            .. new AccountBuilder(tenant.Name, key.Project, null).Build(project, route),
            .. new AccountBuilder(tenant.Name, key.Project, key.Id).Build(own, route),
        ]));
    }
}

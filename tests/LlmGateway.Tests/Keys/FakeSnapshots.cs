using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Configuration.Model;

namespace LlmGateway.Tests.Keys;

/// <summary>A configuration of tenants and keys, and reloads of it.</summary>
internal sealed class FakeSnapshots(params ConfiguredKey[] keys) : ISnapshotOverlay
{
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private Snapshot? _current;

    public event Action<Snapshot>? Changed;

    public Snapshot Configured { get; private set; } = Make(1, ["acme/search", "acme/chat", "beta/search"], keys);

    public StoredState Stored { get; private set; } = StoredState.Empty;

    public GatewayConfig Written { get; set; } = new();

    public Snapshot Current => _current ?? Configured;

    public void Apply(StoredState stored)
    {
        if (!stored.IsEmpty || !Stored.IsEmpty)
        {
            Stored = stored;
            _current = StoredOverlay.Apply(Configured, stored, Current.Version + 1);
            Changed?.Invoke(Current);
        }
    }

    public void Reload(string[] projects, params ConfiguredKey[] keys)
    {
        var configured = Make(Current.Version + 1, projects, keys);
        _current = StoredOverlay.Apply(configured, Stored, configured.Version);
        Configured = configured;
        Changed?.Invoke(Current);
    }

    /// <summary>A reload that changes what is written.</summary>
    public void Reload(Func<Snapshot, Snapshot> edit)
    {
        Configured = edit(Configured) with { Version = Current.Version + 1 };
        _current = StoredOverlay.Apply(Configured, Stored, Configured.Version);
        Changed?.Invoke(Current);
    }

    public static ConfiguredKey Key(string name, string secret, string tenant = "acme", string project = "search", DateTimeOffset? expires = null, bool enabled = true) =>
        new(tenant, project, name, new Secret(secret), [], FrozenDictionary<string, string>.Empty, expires, enabled, Demo: false);

    private static Snapshot Make(long version, string[] projects, ConfiguredKey[] keys) => new()
    {
        Version = version,
        LoadedAt = Start,
        Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
        Providers = FrozenDictionary<string, Provider>.Empty,
        Deployments = FrozenDictionary<string, Deployment>.Empty,
        Routes = FrozenDictionary<string, Route>.Empty,
        Prices = PriceBook.Empty,
        Tenants = projects.Select(path => path.Split('/')).GroupBy(path => path[0]).ToFrozenDictionary(
            group => group.Key,
            group => new Tenant(group.Key, null, group.ToFrozenDictionary(path => path[1], path => new Project(path[1], path[0])))),
        Keys = keys,
    };
}

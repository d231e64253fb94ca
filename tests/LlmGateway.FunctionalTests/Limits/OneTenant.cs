using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>A configuration of one tenant, of a name that no other test has.</summary>
internal sealed class OneTenant : ISnapshotSource
{
    /// <param name="folder">Where it may keep something; null for nowhere.</param>
    public OneTenant(DegradedRule degraded = DegradedRule.Share, string? folder = null)
    {
        var tenant = new Tenant(Name, null, FrozenDictionary<string, Project>.Empty) { Degraded = degraded };
        Current = new Snapshot
        {
            Version = 1,
            DataFolder = folder ?? Path.Combine(Path.GetTempPath(), Name),
            LoadedAt = DateTimeOffset.UnixEpoch,
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = FrozenDictionary<string, Deployment>.Empty,
            Routes = FrozenDictionary<string, Route>.Empty,
            Prices = PriceBook.Empty,
            Tenants = new Dictionary<string, Tenant> { [Name] = tenant }.ToFrozenDictionary(),
            Keys = [],
        };
    }

    public event Action<Snapshot>? Changed
    {
        add { }
        remove { }
    }

    public string Name { get; } = $"tenant-{Guid.NewGuid():N}";

    public Snapshot Current { get; }
}

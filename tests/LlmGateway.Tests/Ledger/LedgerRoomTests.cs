using System.Collections.Frozen;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Ledger;

public sealed class LedgerRoomTests : IDisposable
{
    private const long Bound = 1 << 20;

    private readonly LedgerRig _rig = new();
    private readonly FakeTimeProvider _time = new();
    private LedgerRoom? _room;

    public void Dispose()
    {
        _room?.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public async Task A_large_ledger_from_before_there_was_PostgreSQL_is_no_reason_to_refuse_and_what_comes_on_top_is()
    {
        Grow(3 * Bound);
        await StartAsync(postgres: false);
        Assert.Null(Look());
        await StartAsync(postgres: true);
        Assert.Null(Look());
        Grow(Bound / 2);
        Assert.Null(Look());
        Grow(Bound);
        Assert.Contains("data.max_outbox", Look(), StringComparison.Ordinal);

        // Nor does a restart make room.
        await StartAsync(postgres: true);
        Assert.Contains("data.max_outbox", Look(), StringComparison.Ordinal);

        // What was here before goes over: the bound is that of what waits, after a restart as well.
        _rig.Execute("DELETE FROM filler");
        Assert.Null(Look());
        await StartAsync(postgres: true);
        Grow(2 * Bound);
        Assert.Contains("data.max_outbox", Look(), StringComparison.Ordinal);

        // Back without PostgreSQL, and with it again: a new beginning.
        await StartAsync(postgres: false);
        Assert.Null(Look());
        await StartAsync(postgres: true);
        Assert.Null(Look());
    }

    private void Grow(long bytes) => _rig.Execute(
        $"CREATE TABLE IF NOT EXISTS filler (x); INSERT INTO filler WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {bytes / 4096}) SELECT RANDOMBLOB(4000) FROM n");

    private async Task StartAsync(bool postgres)
    {
        _room?.Dispose();
        var snapshot = new Snapshot
        {
            Version = 1,
            LoadedAt = _time.GetUtcNow(),
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Data = new DataSettings(null, Bound, 0),
            Engines = new EngineSettings(null, postgres ? new Secret("Host=elsewhere") : null),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = FrozenDictionary<string, Deployment>.Empty,
            Routes = FrozenDictionary<string, Route>.Empty,
            Prices = new PriceBook([]),
            Tenants = FrozenDictionary<string, Tenant>.Empty,
            Keys = [],
        };
        _room = new LedgerRoom(_rig.Database, new Fixed(snapshot), _rig.Options, _time, NullLogger<LedgerRoom>.Instance);
        await _room.StartAsync(default);
    }

    private string? Look()
    {
        _time.Advance(_rig.Options.RoomInterval);
        return _room!.Problem;
    }

    private sealed class Fixed(Snapshot snapshot) : ISnapshotSource
    {
        public event Action<Snapshot> Changed
        {
            add { }
            remove { }
        }

        public Snapshot Current => snapshot;
    }
}

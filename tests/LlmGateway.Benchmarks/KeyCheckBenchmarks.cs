using BenchmarkDotNet.Attributes;
using LlmGateway.Configuration;
using LlmGateway.Keys;
using LlmGateway.Keys.Stores;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Benchmarks;

/// <summary>Who presents this key, among a thousand.</summary>
[MemoryDiagnoser]
public class KeyCheckBenchmarks
{
    private BenchmarkFolder _folder = null!;
    private KeyDirectory _directory = null!;
    private string _known = "";

    [GlobalSetup]
    public void SetUp()
    {
        _folder = new BenchmarkFolder();
        var hashing = new KeyHashing(KeyHasher.Load(_folder.Database.Folder, fromEnvironment: null));
        var database = new SqliteAdminDatabase(_folder.Database);
        var store = new KeyStore(new StoreWriter(database, TimeProvider.System), hashing, TimeProvider.System, NullLogger<KeyStore>.Instance);
        for (var i = 0; i < 1000; i++)
        {
            _known = store.Create(new VirtualKey { Id = "", Name = $"key {i}", Tenant = "demo", Project = "demo" }, "benchmark").Secret!.Reveal();
        }

        _directory = new KeyDirectory(new FixedSnapshot(), hashing, new DependencyStates(), NullLogger<KeyDirectory>.Instance);
        _directory.Take(StoreRows.Read(database).ToSecrets());
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _directory.Dispose();
        _folder.Dispose();
    }

    [Benchmark]
    public bool Known() => _directory.Check(_known, BenchmarkData.Noon).Verdict is KeyVerdict.Valid;

    [Benchmark]
    public bool Unknown() => _directory.Check("sk-0000000000000000000000000000000000000000000", BenchmarkData.Noon).Verdict is KeyVerdict.Unknown;

    private sealed class FixedSnapshot : ISnapshotSource
    {
        public event Action<Snapshot> Changed
        {
            add { }
            remove { }
        }

        public Snapshot Current => BenchmarkData.Snapshot;
    }
}

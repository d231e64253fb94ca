using Dapper;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using LlmGateway.Keys.Stores;
using LlmGateway.Storage;
using LlmGateway.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Keys;

/// <summary>The parts of the room of keys on a data folder of its own. A second bench on the same folder is another process.</summary>
internal sealed class KeyBench : IDisposable
{
    private readonly bool _ownsFolder;

    public KeyBench(params ConfiguredKey[] keys)
        : this(Directory.CreateTempSubdirectory("llmgateway-keys-").FullName, new FakeTimeProvider(FakeSnapshots.Start), keys)
    {
        _ownsFolder = true;
        using var connection = Database.Open();
        connection.Execute(Schema("0002-keys.sql"));
        connection.Execute(Schema("0010-stored-state.sql"));
    }

    private KeyBench(string folder, FakeTimeProvider time, ConfiguredKey[] keys)
    {
        Folder = folder;
        Time = time;
        Snapshots = new FakeSnapshots(keys);
        Database = new SqliteDatabase(folder);
        Hashing = new KeyHashing(KeyHasher.Load(folder, null));
        Log = new LogLines();
        Stored = new SqliteAdminDatabase(Database);
        Writer = new StoreWriter(Stored, Time);
        Store = new KeyStore(Writer, Hashing, Time, Log.For<KeyStore>());
        State = new StateStore(Writer, Log.For<StateStore>());
        Directories = new KeyDirectory(Snapshots, Hashing, Dependencies, Log.For<KeyDirectory>());
        Keeper = new StoreKeeper(Stored, Writer, new StateReader(Log.For<StateReader>()), Directories, Snapshots, copy: null, Log.For<StoreKeeper>());
        Watcher = new KeyWatcher(Database, Keeper, Time);
        Room = new KeyRoom(Directories, new KeyMetrics(Meters));
    }

    public string Folder { get; }

    public FakeTimeProvider Time { get; }

    public FakeSnapshots Snapshots { get; }

    public SqliteDatabase Database { get; }

    public KeyHashing Hashing { get; }

    public KeyHasher Hasher => Hashing.Current;

    public IAdminDatabase Stored { get; }

    public StoreWriter Writer { get; }

    public StateStore State { get; }

    public StoreKeeper Keeper { get; }

    public LogLines Log { get; }

    public KeyStore Store { get; }

    public DependencyStates Dependencies { get; } = new();

    public KeyDirectory Directories { get; }

    public KeyWatcher Watcher { get; }

    public KeyRoom Room { get; }

    public TestMeters Meters { get; } = new();

    public static VirtualKey Spec(string name, string tenant = "acme", string project = "search") => new() { Id = "", Name = name, Tenant = tenant, Project = project };

    public static string Schema(string name = "0002-keys.sql")
    {
        var assembly = typeof(KeyStore).Assembly;
        using var script = new StreamReader(assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(resource => resource.EndsWith($".{name}", StringComparison.Ordinal)))!);
        return script.ReadToEnd();
    }

    /// <summary>Another process on the same folder.</summary>
    public KeyBench Second() => new(Folder, Time, []);

    public async Task<KeyBench> StartedAsync()
    {
        await Watcher.StartAsync(CancellationToken.None);
        return this;
    }

    /// <summary>Makes a key that works.</summary>
    public (KeyRecord Record, string Secret) Create(string name = "ci", Func<VirtualKey, VirtualKey>? with = null)
    {
        var change = Store.Create((with ?? (key => key))(Spec(name)), "test");
        Assert.Equal(KeyChangeStatus.Done, change.Status);
        return (change.Record!, change.Secret!.Reveal());
    }

    public KeyVerdict Check(string secret) => Directories.Check(secret, Time.GetUtcNow()).Verdict;

    /// <summary>Walks a request with these headers through the room.</summary>
    public (GatewayError? Error, VirtualKey? Key) Enter(params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        foreach (var (name, value) in headers)
        {
            http.Request.Headers.Append(name, value);
        }

        var exchange = new Exchange(http, Snapshots.Current, EndpointKind.ChatCompletions, Guid.Empty, Time.GetUtcNow(), 0);
        var entering = Room.EnterAsync(exchange);
        Assert.True(entering.IsCompletedSuccessfully);
        return (entering.Result, exchange.Key);
    }

    public void Dispose()
    {
        Watcher.Dispose();
        Keeper.Dispose();
        Directories.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}

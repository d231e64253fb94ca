using Dapper;
using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Keys;
using LlmGateway.Keys.Stores;
using LlmGateway.Storage.Postgres;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LlmGateway.FunctionalTests.Keys;

public sealed class PostgresStoreTests(PostgresStoreTests.Server server) : StoreContractTests, IClassFixture<PostgresStoreTests.Server>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmgateway-store-").FullName;

    private PostgresDatabase _postgres = null!;
    private PostgresAdminDatabase _database = null!;

    private protected override IAdminDatabase Database => _database;

    private protected override KeyHashing Hashing => field ??= new KeyHashing(KeyHasher.Load(_folder, null));

    public async Task InitializeAsync()
    {
        var connection = await server.NewDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(connection))
        {
            await PostgresMigrations.ApplyAsync(source, NullLogger.Instance);
        }

        _postgres = new PostgresDatabase(new Secret(connection), new DependencyStates(), NullLogger<PostgresDatabase>.Instance);
        _database = new PostgresAdminDatabase(_postgres, Shared(_folder, null, Hashing));
    }

    public async Task DisposeAsync()
    {
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static SharedHashSecret Shared(string folder, string? fromEnvironment, KeyHashing hashing) =>
        new(folder, fromEnvironment, hashing, NullLogger<SharedHashSecret>.Instance);

    [Fact]
    public void The_first_node_brings_the_secret_and_the_others_take_it_and_keep_it()
    {
        using var first = Database.Open();
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        var hashing = new KeyHashing(new KeyHasher(SharedHashSecret.Initial(folder, null)));
        Assert.NotEqual(Hashing.Current.Hash("sk-x"), hashing.Current.Hash("sk-x"));

        Shared(folder, null, hashing).Agree(first);

        Assert.Equal(Hashing.Current.Hash("sk-x"), hashing.Current.Hash("sk-x"));
        Assert.Equal(Hashing.Current.Hash("sk-x"), new KeyHasher(SharedHashSecret.Initial(folder, null)).Hash("sk-x"));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(folder, SharedHashSecret.FileName)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));

        // Without the database that they share, a node goes on with its own.
        Assert.NotEqual(Hashing.Current.Hash("sk-x"), KeyHasher.Load(folder, null).Hash("sk-x"));
    }

    [Fact]
    public void A_secret_of_the_environment_stays_out_of_the_database_and_another_is_told()
    {
        using var connection = (NpgsqlConnection)new PostgresAdminDatabase(_postgres, Shared(_folder, new string('x', 32), Of('x'))).Open();
        Assert.Null(connection.ExecuteScalar<string?>("SELECT secret FROM key_hash_secret"));
        Shared(_folder, new string('x', 32), Of('x')).Agree(connection);

        Assert.Contains("differs", Assert.Throws<SecretUnusableException>(() => Shared(_folder, new string('y', 32), Of('y')).Agree(connection)).Message, StringComparison.Ordinal);
        Assert.Contains("is not set", Assert.Throws<SecretUnusableException>(() => Shared(_folder, null, Hashing).Agree(connection)).Message, StringComparison.Ordinal);
    }

    private static KeyHashing Of(char letter) => new(new KeyHasher(new Secret(new string(letter, 32))));

    public sealed class Server : IAsyncLifetime
    {
        private PostgresServer _server = null!;
        private int _databases;

        public async Task InitializeAsync() => _server = await PostgresServer.StartAsync();

        internal Task<string> NewDatabaseAsync() => _server.CreateDatabaseAsync($"store_{_databases++}");

        public Task DisposeAsync()
        {
            _server.Dispose();
            return Task.CompletedTask;
        }
    }
}

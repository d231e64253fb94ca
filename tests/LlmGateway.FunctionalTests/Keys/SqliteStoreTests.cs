using LlmGateway.Keys;
using LlmGateway.Keys.Stores;
using LlmGateway.Storage;

namespace LlmGateway.FunctionalTests.Keys;

public sealed class SqliteStoreTests : StoreContractTests, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmgateway-store-").FullName;

    public SqliteStoreTests()
    {
        var database = new SqliteDatabase(_folder);
        SqliteMigrations.Apply(database);
        Database = new SqliteAdminDatabase(database);
        Hashing = new KeyHashing(KeyHasher.Load(_folder, null));
    }

    private protected override IAdminDatabase Database { get; }

    private protected override KeyHashing Hashing { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

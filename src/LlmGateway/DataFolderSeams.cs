using System.Data.Common;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Keys;
using LlmGateway.Keys.Stores;
using LlmGateway.Reports.Focus;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway;

/// <summary>What commands that work on the data folder itself need of the rest.</summary>
internal static class DataFolderSeams
{
    /// <summary>The data folder: of the command line or the environment, else the configuration's.</summary>
    /// <exception cref="UserErrorException">Neither says, and the configuration cannot be read.</exception>
    public static string Locate(GatewayPaths paths) => paths.DataFolder ?? Load(paths).DataFolder;

    /// <summary>The database that nodes share; null where the configuration names none, or there is no configuration.</summary>
    /// <exception cref="UserErrorException">The configuration is there and cannot be read, or names something else.</exception>
    public static PostgresDatabase? LocatePostgres(GatewayPaths paths)
    {
        if (!File.Exists(paths.ConfigFile) || Load(paths).Engines.Postgres is not { } connection)
        {
            return null;
        }

        try
        {
            // A report changes no schema.
            return new PostgresDatabase(connection, new DependencyStates(), NullLogger<PostgresDatabase>.Instance, static (_, _) => Task.CompletedTask);
        }
        catch (StorageException error)
        {
            throw new UserErrorException(error.Message, error);
        }
    }

    /// <summary>What amounts are converted by.</summary>
    /// <exception cref="UserErrorException">The configuration cannot be read.</exception>
    public static ExchangeRates LocateRates(GatewayPaths paths) => Load(paths).Rates;

    /// <summary>What is said of providers; nothing where there is no configuration.</summary>
    /// <exception cref="UserErrorException">The configuration is there and cannot be read.</exception>
    public static IReadOnlyDictionary<string, FocusProvider> LocateProviders(GatewayPaths paths) =>
        File.Exists(paths.ConfigFile) ? FocusProviders.Of(Load(paths)) : new Dictionary<string, FocusProvider>();

    /// <summary>Where the gateway listens: the first address of the environment, else of the configuration.</summary>
    /// <exception cref="UserErrorException">The environment does not say, and the configuration cannot be read.</exception>
    public static string LocateUrl(GatewayPaths paths) => paths.Urls.Count > 0 ? paths.Urls[0] : Load(paths).Server.Urls[0];

    /// <summary>The store of keys, with the configuration as its files have it now.</summary>
    /// <exception cref="UserErrorException">The configuration or the data folder cannot be used.</exception>
    public static KeysCommandContext OpenKeys(GatewayPaths paths)
    {
        var snapshot = Load(paths);
        var folder = paths.DataFolder ?? snapshot.DataFolder;
        try
        {
            DataFolder.Create(folder);
            var database = new SqliteDatabase(folder);
            SqliteMigrations.Apply(database);
            var fromEnvironment = Environment.GetEnvironmentVariable(KeyHasher.EnvironmentVariable);
            var shared = new PostgresDatabase(snapshot.Engines.Postgres, new DependencyStates(), NullLogger<PostgresDatabase>.Instance);
            var hashing = new KeyHashing(new KeyHasher(
                shared.IsConfigured ? SharedHashSecret.Initial(folder, fromEnvironment) : KeyHasher.LoadSecret(folder, fromEnvironment)));
            IAdminDatabase stored = shared.IsConfigured
                ? new PostgresAdminDatabase(shared, new SharedHashSecret(folder, fromEnvironment, hashing, NullLogger<SharedHashSecret>.Instance))
                : new SqliteAdminDatabase(database);
            var keys = new KeyStore(new StoreWriter(stored, TimeProvider.System), hashing, TimeProvider.System, NullLogger<KeyStore>.Instance);
            var state = new StateReader(NullLogger<StateReader>.Instance).Read(StoreRows.Read(stored).State);
            return new KeysCommandContext(keys, StoredOverlay.Apply(snapshot, state, snapshot.Version));
        }
        catch (Exception error) when (error is StorageException or SecretUnusableException or StoreUnreachableException or DbException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(error.Message, error);
        }
    }

    private static Snapshot Load(GatewayPaths paths)
    {
        var loaded = new ConfigurationLoader(paths, TimeProvider.System).Load();
        return loaded.Snapshot ?? throw new UserErrorException(string.Join(Environment.NewLine, loaded.Problems.Where(static problem => problem.IsError)));
    }
}
